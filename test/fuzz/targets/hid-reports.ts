import assert from 'node:assert/strict';
import { MAX_CODE_BYTES } from '../../../drivers/contract/code-scanner.ts';
import { joinReport, type Joining } from '../../../drivers/hid-code-scanner/protocol.ts';
import type { FuzzTarget } from '../target.ts';

const REPORT_BYTES = 64;

/** HID POS reports, the last one cut short: only printable codes come out, each a whole run of reports. */
export const target: FuzzTarget = {
  maxBytes: 20 * REPORT_BYTES,
  fuzz(bytes) {
    let joining: Joining = null;
    for (let at = 0; at < bytes.length; at += REPORT_BYTES) {
      const report = bytes.subarray(at, at + REPORT_BYTES);
      const joined = joinReport(joining, report);
      joining = joined.joining;
      assert.ok((joining?.text.length ?? 0) <= MAX_CODE_BYTES);
      if (joined.outcome?.ok !== true) continue;
      assert.match(joined.outcome.value, /^[ -~]{1,512}$/);
      assert.equal(report[63], 0, 'a code came out while more was to follow');
    }
  },
};
