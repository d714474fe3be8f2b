import { assertNever } from '../../src/base/assert.ts';
import { away } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { ClaimFault } from './usb-interface.ts';

/** What waiting does not mend. */
export const misconfigured = (reason: string): CommonStatus => ({
  state: 'userError',
  reasons: [reason],
  requiredAction: 'configuration',
});

/** What to say of a device that could not be claimed: `absent`, `usbFailed`, `forbidden`, `heldBy.<holder>`. */
export function statusOf(fault: ClaimFault): CommonStatus {
  switch (fault.kind) {
    case 'absent':
    case 'usbFailed':
      return away(fault.kind);
    case 'forbidden':
      return misconfigured('forbidden');
    case 'heldBy':
      return misconfigured(`heldBy.${fault.holder ?? 'unknown'}`);
    default:
      return assertNever(fault);
  }
}
