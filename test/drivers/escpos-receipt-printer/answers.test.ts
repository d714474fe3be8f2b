import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerReader, type Answer } from '../../../drivers/escpos-receipt-printer/answers.ts';
import {
  stateOfAutomatic,
  stateOfRealTime,
} from '../../../drivers/escpos-receipt-printer/protocol.ts';

interface Said {
  readonly bytes: readonly number[];
  readonly meant: Answer;
}

/** Bits that are free in a byte of which some are fixed. */
const byteWith = (fixed: number, free: number) =>
  fc.integer({ min: 0, max: 255 }).map((any) => fixed | (any & free));

const realTime = byteWith(0x12, 0x6c).map((byte): Said => {
  return { bytes: [byte], meant: { kind: 'realTime', byte } };
});
const automatic = fc
  .tuple(byteWith(0x10, 0x6c), byteWith(0, 0x6f), byteWith(0, 0x6f), byteWith(0, 0x6f))
  .map((bytes): Said => ({ bytes, meant: { kind: 'automatic', state: stateOfAutomatic(bytes) } }));
const paper = byteWith(0, 0x6f).map((byte): Said => ({ bytes: [byte], meant: { kind: 'paper' } }));
const processId = fc.stringMatching(/^[ -~]{4}$/).map((id): Said => {
  const bytes = [0x37, 0x22, ...Buffer.from(id, 'latin1'), 0];
  return { bytes, meant: { kind: 'processId', id } };
});
const cleared = fc.constant<Said>({ bytes: [0x37, 0x25, 0], meant: { kind: 'cleared' } });
const said = fc.array(fc.oneof(realTime, automatic, paper, processId, cleared), { maxLength: 12 });

const read = (pieces: readonly Uint8Array[]): Answer[] => {
  const reader = new AnswerReader();
  return pieces.flatMap((piece) => reader.push(piece));
};

/** The bytes cut at each place that is marked. */
function cut(bytes: readonly number[], marks: readonly boolean[]): Uint8Array[] {
  const pieces: number[][] = [[]];
  bytes.forEach((byte, at) => {
    if (marks[at] === true) pieces.push([]);
    pieces.at(-1)?.push(byte);
  });
  return pieces.map((piece) => Uint8Array.from(piece));
}

describe('the answers of a receipt printer', () => {
  it('are told apart, whatever follows what and wherever they are cut', () => {
    fc.assert(
      fc.property(said, fc.array(fc.boolean()), (all, marks) => {
        const bytes = all.flatMap((one) => [...one.bytes]);
        expect(read(cut(bytes, marks))).toEqual(all.map(({ meant }) => meant));
      }),
    );
  });

  it('are the same with flow control in the middle of them', () => {
    fc.assert(
      fc.property(said, fc.constantFrom(0x11, 0x13), (all, flow) => {
        const bytes = all.flatMap((one) => one.bytes.flatMap((byte) => [flow, byte]));
        expect(read([Uint8Array.from(bytes)])).toEqual(all.map(({ meant }) => meant));
      }),
    );
  });

  it('mean the same of any bytes, in one piece or one by one, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(read([bytes]));
      }),
    );
  });

  it('are found again at once after what is no answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), processId, (noise, { bytes, meant }) => {
        // No answer is longer than seven bytes, and none has a byte with its highest bit set.
        const all = read([noise, Uint8Array.of(0xff), Uint8Array.from(bytes)]);
        expect(all.at(-1)).toEqual(meant);
        expect(all.at(-2)).toEqual({ kind: 'noise' });
      }),
    );
  });

  it('that are cut short are noise when the next comes, and hide nothing of it', () => {
    expect(read([Uint8Array.of(0x37, 0x22, 0x30, 0x12)])).toEqual([
      { kind: 'noise' },
      { kind: 'realTime', byte: 0x12 },
    ]);
    expect(read([Uint8Array.of(0x10, 0x00, 0x37, 0x25, 0x00)])).toEqual([
      { kind: 'noise' },
      { kind: 'cleared' },
    ]);
  });
});

describe('what a receipt printer says of itself', () => {
  const well = {
    offline: false,
    coverOpen: false,
    paper: 'present',
    cutterError: false,
    unrecoverableError: false,
    recoverableError: false,
    recovering: false,
  };

  /** The reference, `DLE EOT`: one bit, or pair of bits, at a time. */
  it.each([
    [[0x12, 0x12, 0x12, 0x12], {}],
    [[0x1a, 0x12, 0x12, 0x12], { offline: true }],
    [[0x12, 0x16, 0x12, 0x12], { coverOpen: true }],
    [[0x12, 0x12, 0x16, 0x12], { recoverableError: true }],
    [[0x12, 0x12, 0x1a, 0x12], { cutterError: true }],
    [[0x12, 0x12, 0x32, 0x12], { unrecoverableError: true }],
    [[0x12, 0x12, 0x52, 0x12], { recovering: true }],
    [[0x12, 0x12, 0x12, 0x1e], { paper: 'nearEnd' }],
    [[0x12, 0x12, 0x12, 0x72], { paper: 'out' }],
    [[0x12, 0x12, 0x12, 0x7e], { paper: 'out' }],
  ] as const)('when it is asked: %p', ([printer, offline, error, paperByte], told) => {
    expect(stateOfRealTime([printer, offline, error, paperByte])).toEqual({ ...well, ...told });
  });

  /** The reference, `GS a`. */
  it.each([
    [[0x10, 0, 0, 0], {}],
    [[0x14, 0, 0, 0x0f], {}],
    [[0x18, 0, 0, 0], { offline: true }],
    [[0x30, 0, 0, 0], { coverOpen: true }],
    [[0x10, 0x04, 0, 0], { recoverableError: true }],
    [[0x10, 0x08, 0, 0], { cutterError: true }],
    [[0x10, 0x20, 0, 0], { unrecoverableError: true }],
    [[0x10, 0x40, 0, 0], { recovering: true }],
    [[0x10, 0, 0x03, 0], { paper: 'nearEnd' }],
    [[0x10, 0, 0x0f, 0], { paper: 'out' }],
  ] as const)('by itself: %p', (bytes, told) => {
    expect(stateOfAutomatic(bytes)).toEqual({ ...well, ...told });
  });
});
