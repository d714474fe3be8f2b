import assert from 'node:assert/strict';
import { MAX_CODE_BYTES } from '../../../drivers/contract/code-scanner.ts';
import {
  BOOT_REPORT_BYTES,
  NOTHING_TYPED,
  typeReport,
} from '../../../drivers/hid-code-scanner/keyboard-protocol.ts';
import type { FuzzTarget } from '../target.ts';

/** Reports of a keyboard in the boot protocol, the last one cut short: only printable codes come out, none of them empty. */
export const target: FuzzTarget = {
  maxBytes: 60 * BOOT_REPORT_BYTES,
  fuzz(bytes) {
    let typing = NOTHING_TYPED;
    for (let at = 0; at < bytes.length; at += BOOT_REPORT_BYTES) {
      const typed = typeReport(typing, bytes.subarray(at, at + BOOT_REPORT_BYTES));
      typing = typed.typing;
      assert.ok(typing.text.length <= MAX_CODE_BYTES);
      assert.ok(!typing.dropped || typing.text === '');
      for (const outcome of typed.outcomes) {
        if (outcome.ok) assert.match(outcome.value, /^[ -~]{1,512}$/);
      }
    }
  },
};
