import { err, ok, type Result } from '../../src/base/result.ts';
import { MAX_CODE_BYTES } from '../contract/code-scanner.ts';

/** HID 1.11 appendix B.1: the report of a keyboard in the boot protocol: modifiers, a reserved byte, six keys. */
export const BOOT_REPORT_BYTES = 8;
const FIRST_KEY_OFFSET = 2;
/** §8.3: left and right shift. */
const SHIFTS = 0x22;

/** HID Usage Tables §10 (keyboard page). */
const NO_KEY = 0x00;
/** More keys are down than can be told. */
const ERROR_ROLL_OVER = 0x01;
const LAST_ERROR = 0x03;
const ENTER = 0x28;
/** From the usage on, one character a key of the United States layout. */
const ROWS = [
  { from: 0x04, plain: 'abcdefghijklmnopqrstuvwxyz', shifted: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  { from: 0x1e, plain: '1234567890', shifted: '!@#$%^&*()' },
  { from: 0x2c, plain: ' -=[]\\', shifted: ' _+{}|' },
  { from: 0x33, plain: ";'`,./", shifted: ':"~<>?' },
] as const;

export type TypingFault =
  /** Not a boot report, or one that says it cannot tell its keys. */
  | 'badReport'
  /** A key or a modifier that makes no printable character, as an attack would press. */
  | 'notPrintable'
  | 'tooLong';

/** The keys that are down, and what was typed of a code that has not ended yet. */
export interface Typing {
  readonly held: readonly number[];
  readonly text: string;
  /** Once any key was bad, until Enter. */
  readonly dropped: boolean;
}

export const NOTHING_TYPED: Typing = { held: [], text: '', dropped: false };

export interface Typed {
  readonly typing: Typing;
  readonly outcomes: readonly Result<string, TypingFault>[];
}

/**
 * Adds one report to what was typed and gives the codes that Enter ended, and each fault once. A code with a bad
 * key is dropped as a whole. Never throws.
 */
export function typeReport(typing: Typing, report: Uint8Array): Typed {
  const keys = keysIn(report);
  const untold = keys.some((key) => key >= ERROR_ROLL_OVER && key <= LAST_ERROR);
  if (report.length !== BOOT_REPORT_BYTES || untold) return fault(typing, 'badReport');
  const held = keys.filter((key) => key !== NO_KEY);
  const pressed = pressedIn(typing, report);
  const modifiers = report[0] ?? 0;
  const outcomes: Result<string, TypingFault>[] = [];
  let now: Typing = { ...typing, held };
  for (const key of pressed) {
    const next = press(now, key, modifiers);
    now = next.typing;
    outcomes.push(...next.outcomes);
  }
  return { typing: now, outcomes };
}

/** The keys that went down with this report: none where it only repeats or lets go. Never throws. */
export const pressedIn = ({ held }: Typing, report: Uint8Array): readonly number[] =>
  keysIn(report).filter((key) => key !== NO_KEY && !held.includes(key));

const keysIn = (report: Uint8Array): readonly number[] => [...report.subarray(FIRST_KEY_OFFSET)];

function press(typing: Typing, key: number, modifiers: number): Typed {
  const { held, text, dropped } = typing;
  if ((modifiers & ~SHIFTS) !== 0) return fault(typing, 'notPrintable');
  if (key === ENTER) {
    const whole = !dropped && text !== '';
    return { typing: { ...NOTHING_TYPED, held }, outcomes: whole ? [ok(text)] : [] };
  }
  const character = characterOf(key, (modifiers & SHIFTS) !== 0);
  if (character === null) return fault(typing, 'notPrintable');
  if (text.length === MAX_CODE_BYTES) return fault(typing, 'tooLong');
  return { typing: { held, text: dropped ? '' : text + character, dropped }, outcomes: [] };
}

const fault = ({ held, dropped }: Typing, why: TypingFault): Typed => ({
  typing: { held, text: '', dropped: true },
  outcomes: dropped ? [] : [err(why)],
});

function characterOf(key: number, shifted: boolean): string | null {
  const row = ROWS.find(({ from, plain }) => key >= from && key < from + plain.length);
  return row?.[shifted ? 'shifted' : 'plain'].charAt(key - row.from) ?? null;
}
