/** One command as it came, of those that wait their turn. */
export type PrinterCommand =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'lineFeed' }
  | { readonly kind: 'initialize' }
  | { readonly kind: 'emphasis'; readonly on: boolean }
  | { readonly kind: 'align'; readonly to: 'left' | 'center' | 'right' }
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'tellChanges'; readonly mask: number }
  | { readonly kind: 'askPaper' }
  | { readonly kind: 'askProcessId'; readonly id: string }
  | { readonly kind: 'qrModule'; readonly dots: number }
  | { readonly kind: 'qrContent'; readonly content: string }
  | { readonly kind: 'qrPrint' }
  /** Sets what this simulation has one of: code table 0, font A, no Kanji, QR model 2, correction M. */
  | { readonly kind: 'setting' };

/** What the reference does not say, or this simulation does not do: no driver of ours may send it. */
export class StreamBreach extends Error {
  override readonly name = 'StreamBreach';
}

type Taken = { readonly command: PrinterCommand; readonly length: number } | null;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const breach = (bytes: Uint8Array): never => {
  throw new StreamBreach(`unknown: ${Buffer.from(bytes.subarray(0, 12)).toString('hex')}`);
};

const SETTING = { kind: 'setting' } as const;
const ALIGNMENTS = ['left', 'center', 'right'] as const;

/** Commands of fixed length: their beginning, how many bytes follow it, and what they mean; null is a breach. */
const FIXED: readonly (readonly [
  begins: string,
  more: number,
  (n: number) => PrinterCommand | null,
])[] = [
  ['\n', 0, () => ({ kind: 'lineFeed' })],
  ['\x1b@', 0, () => ({ kind: 'initialize' })],
  ['\x1c.', 0, () => SETTING],
  ['\x1bM', 1, (n) => (n === 0 ? SETTING : null)],
  ['\x1bt', 1, (n) => (n === 0 ? SETTING : null)],
  ['\x1bE', 1, (n) => ({ kind: 'emphasis', on: (n & 1) === 1 })],
  [
    '\x1ba',
    1,
    (n) => {
      const to = ALIGNMENTS[n];
      return to === undefined ? null : { kind: 'align', to };
    },
  ],
  [
    '\x1d!',
    1,
    (n) => ((n & 0x88) === 0 ? { kind: 'size', width: (n >> 4) + 1, height: (n & 7) + 1 } : null),
  ],
  ['\x1dV', 1, (n) => (n <= 1 ? { kind: 'cut' } : null)],
  ['\x1da', 1, (n) => ({ kind: 'tellChanges', mask: n })],
  ['\x1dr', 1, (n) => (n === 1 ? { kind: 'askPaper' } : null)],
];

/** `GS ( x pL pH …`: the letter, and the bytes that the length counts. */
const BLOCK = '\x1d(';
const BLOCK_HEAD = 5;

/**
 * Takes the first command of what a printer holds, as the simulator's own reading of the reference has it; the
 * driver's encoder shares nothing with it. Null: the command has not all come yet. Throws `StreamBreach`.
 */
export function takeCommand(held: Uint8Array): Taken {
  const [first] = held;
  if (first === undefined) return null;
  if (first >= 0x20 && first <= 0x7e) {
    return { command: { kind: 'character', character: String.fromCharCode(first) }, length: 1 };
  }
  const begins = text(held.subarray(0, 2));
  for (const [beginning, more, meaning] of FIXED) {
    if (!begins.startsWith(beginning)) continue;
    const length = beginning.length + more;
    if (held.length < length) return null;
    return { command: meaning(held[length - 1] ?? 0) ?? breach(held), length };
  }
  if (begins === BLOCK) return takeBlock(held);
  const mayGrow = held.length === 1 && [0x1b, 0x1c, 0x1d].includes(first);
  return mayGrow ? null : breach(held);
}

function takeBlock(held: Uint8Array): Taken {
  if (held.length < BLOCK_HEAD) return null;
  const length = BLOCK_HEAD + (held[3] ?? 0) + 256 * (held[4] ?? 0);
  if (held.length < length) return null;
  const body = text(held.subarray(BLOCK_HEAD, length));
  const command = blockOf(String.fromCharCode(held[2] ?? 0), body) ?? breach(held);
  return { command, length };
}

function blockOf(letter: string, body: string): PrinterCommand | null {
  if (letter === 'H') {
    return /^00[ -~]{4}$/.test(body) ? { kind: 'askProcessId', id: body.slice(2) } : null;
  }
  if (letter !== 'k') return null;
  const rest = body.slice(2);
  switch (body.slice(0, 2)) {
    case '1A':
      return rest === '2\0' ? SETTING : null;
    case '1C':
      return rest.length === 1 ? { kind: 'qrModule', dots: rest.charCodeAt(0) } : null;
    case '1E':
      return rest === '1' ? SETTING : null;
    case '1P':
      return /^0[ -~]+$/.test(rest) ? { kind: 'qrContent', content: rest.slice(1) } : null;
    case '1Q':
      return rest === '0' ? { kind: 'qrPrint' } : null;
    default:
      return null;
  }
}
