import { err, ok, type Result } from '../../src/base/result.ts';
import { MAX_CODE_BYTES } from '../contract/code-scanner.ts';

/** USB HID Usage Tables §20 (bar code scanner page): the top-level usage of a scanner in POS mode. */
export const USAGE_PAGE_SCANNER = 0x8c;
export const USAGE_SCANNER = 0x02;
/** HID Usage Tables §4 and §10: a scanner in keyboard mode says it is this. */
export const USAGE_PAGE_GENERIC_DESKTOP = 0x01;
export const USAGE_KEYBOARD = 0x06;

/**
 * The scanned-data report of HID POS scanners: report id, length, AIM symbology id, data, symbology,
 * a reserved byte and, last, whether the next report goes on with the same code.
 */
export const REPORT_BYTES = 64;
export const REPORT_ID = 0x02;
export const AIM_ID_OFFSET = 2;
export const DATA_OFFSET = 5;
export const DATA_BYTES = 56;
export const MORE_FOLLOWS_OFFSET = 63;

export type ReportFault =
  /** Not a scanned-data report of this layout. */
  | 'badReport'
  | 'notPrintable'
  | 'tooLong'
  /** A part of another symbology came in the middle of a code. */
  | 'mixedParts';

/** The parts of a code that has not ended yet; null between codes. `dropped` once any part was bad. */
export type Joining = {
  readonly aimId: string;
  readonly text: string;
  readonly dropped: boolean;
} | null;

export interface Joined {
  readonly joining: Joining;
  /** null while more follows, and after the last part of a dropped code. */
  readonly outcome: Result<string, ReportFault> | null;
}

interface Part {
  readonly aimId: string;
  readonly text: string;
  readonly moreFollows: boolean;
}

/**
 * Adds one report to what came before and says what became of it. A code whose parts do not fit
 * together is dropped as a whole: never throws, never passes on half a code.
 */
export function joinReport(joining: Joining, report: Uint8Array): Joined {
  const part = partOf(report);
  if (!part.ok) return drop(joining, part.error, report[MORE_FOLLOWS_OFFSET] === 1);
  const { aimId, text, moreFollows } = part.value;
  if (joining?.dropped === true) return { joining: moreFollows ? joining : null, outcome: null };
  if (joining !== null && joining.aimId !== aimId) return drop(joining, 'mixedParts', moreFollows);
  const whole = (joining?.text ?? '') + text;
  if (whole.length > MAX_CODE_BYTES) return drop(joining, 'tooLong', moreFollows);
  if (moreFollows) return { joining: { aimId, text: whole, dropped: false }, outcome: null };
  return { joining: null, outcome: whole === '' ? null : ok(whole) };
}

/** The fault is told once; what follows of the same code is passed over. */
function drop(joining: Joining, fault: ReportFault, moreFollows: boolean): Joined {
  const told = joining?.dropped === true;
  return {
    joining: moreFollows ? { aimId: '', text: '', dropped: true } : null,
    outcome: told ? null : err(fault),
  };
}

function partOf(report: Uint8Array): Result<Part, ReportFault> {
  const length = report[1] ?? 0;
  const more = report[MORE_FOLLOWS_OFFSET];
  const rightShape = report.length === REPORT_BYTES && report[0] === REPORT_ID;
  if (!rightShape || length > DATA_BYTES || (more !== 0 && more !== 1)) return err('badReport');
  const data = report.subarray(DATA_OFFSET, DATA_OFFSET + length);
  if (data.some((byte) => byte < 0x20 || byte > 0x7e)) return err('notPrintable');
  return ok({
    aimId: Buffer.from(report.subarray(AIM_ID_OFFSET, DATA_OFFSET)).toString('latin1'),
    text: Buffer.from(data).toString('latin1'),
    moreFollows: more === 1,
  });
}
