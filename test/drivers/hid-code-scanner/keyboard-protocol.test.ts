import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_CODE_BYTES } from '../../../drivers/contract/code-scanner.ts';
import {
  NOTHING_TYPED,
  typeReport,
  type Typing,
} from '../../../drivers/hid-code-scanner/keyboard-protocol.ts';
import { keyReport, keystrokes } from '../../../drivers/hid-code-scanner/keyboard-simulator.ts';

function typed(reports: readonly Uint8Array[], from: Typing = NOTHING_TYPED): string[] {
  let typing = from;
  return reports.flatMap((report) => {
    const next = typeReport(typing, report);
    typing = next.typing;
    return next.outcomes.map((outcome) => (outcome.ok ? `=${outcome.value}` : outcome.error));
  });
}

const printable = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: MAX_CODE_BYTES })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const ENTER = 0x28;

describe('what a scanner types', () => {
  it('is a code once Enter ends it, for every printable character there is', () => {
    fc.assert(
      fc.property(fc.array(printable, { maxLength: 3 }), (codes) => {
        const reports = keystrokes(codes.map((code) => `${code}\n`).join(''));
        expect(typed(reports)).toEqual(codes.map((code) => `=${code}`));
      }),
    );
  });

  it('is read the same where keys are still down when the next is pressed', () => {
    const rolling = [
      keyReport(0, 0x04),
      keyReport(0, 0x04, 0x05),
      keyReport(0, 0x05),
      keyReport(0, 0x05, 0x06),
      keyReport(0),
      keyReport(0, ENTER),
    ];
    expect(typed(rolling)).toEqual(['=abc']);
    expect(typed([keyReport(0, 0x04, 0x05, ENTER)])).toEqual(['=ab']);
  });

  it('is no code without a character, nor before Enter', () => {
    expect(typed(keystrokes('\n\n'))).toEqual([]);
    expect(typed(keystrokes('abc'))).toEqual([]);
  });

  it('never makes its reader throw, and is never passed on unless printable and short enough', () => {
    const report = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      fc.integer({ min: 0, max: 0x70 }).map((key) => keyReport(0, key)),
      fc.constant(keyReport(0, ENTER)),
    );
    fc.assert(
      fc.property(fc.array(report, { maxLength: 200 }), (reports) => {
        for (const one of typed(reports)) {
          expect(one).toMatch(/^(=[\x20-\x7e]{1,512}|badReport|notPrintable|tooLong)$/);
        }
      }),
    );
  });

  it.each([
    ['a report that is too short', [Uint8Array.of(0, 0, 4)], 'badReport'],
    ['a report that is too long', [new Uint8Array(9)], 'badReport'],
    ['more keys than can be told', [keyReport(0, 1, 1, 1, 1, 1, 1)], 'badReport'],
    ['Escape', [keyReport(0, 0x29)], 'notPrintable'],
    ['Caps Lock', [keyReport(0, 0x39)], 'notPrintable'],
    ['Control and a letter', [keyReport(0x01, 0x04)], 'notPrintable'],
    ['the right Alt and a letter', [keyReport(0x40, 0x04)], 'notPrintable'],
    ['more than a code may have', keystrokes('x'.repeat(MAX_CODE_BYTES + 1)), 'tooLong'],
  ])('is dropped to its Enter after %s, and said to be so once', (_name, bad, fault) => {
    const reports = [
      ...keystrokes('ab'),
      ...bad,
      ...bad,
      keyReport(0),
      ...keystrokes('cd\n'),
      ...keystrokes('next\n'),
    ];
    expect(typed(reports)).toEqual([fault, '=next']);
  });
});
