import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_CODE_BYTES } from '../../../drivers/contract/code-scanner.ts';
import { joinReport, type Joining } from '../../../drivers/hid-code-scanner/protocol.ts';
import { reportsOf } from '../../../drivers/hid-code-scanner/simulator.ts';

const printable = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: MAX_CODE_BYTES })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));

/** What came out of a row of reports: payloads as they are, faults with a mark before them. */
function join(reports: readonly Uint8Array[]): string[] {
  let joining: Joining = null;
  return reports.flatMap((report) => {
    const joined = joinReport(joining, report);
    joining = joined.joining;
    if (joined.outcome === null) return [];
    return [joined.outcome.ok ? joined.outcome.value : `!${joined.outcome.error}`];
  });
}

describe('joining HID POS reports', () => {
  it('reads the layout of the manual: id, length, AIM id, data, more-follows', () => {
    const report = new Uint8Array(64);
    report.set([0x02, 3, 0x5d, 0x51, 0x30, 0x41, 0x42, 0x43]);
    expect(join([report])).toEqual(['ABC']);
  });

  it('gives back every payload, over as many reports as it takes', () => {
    fc.assert(
      fc.property(fc.array(printable, { maxLength: 4 }), (codes) => {
        expect(join(codes.flatMap((code) => reportsOf(code)))).toEqual(codes);
      }),
    );
  });

  it('never throws, and passes on nothing longer than the limit or not printable', () => {
    const anyReport = fc.uint8Array({ maxLength: 70 });
    const nearReport = fc
      .tuple(fc.nat(60), fc.uint8Array({ minLength: 61, maxLength: 61 }), fc.nat(1))
      .map(([length, data, more]) => Uint8Array.of(2, length, ...data, more));
    fc.assert(
      fc.property(fc.array(fc.oneof(anyReport, nearReport), { maxLength: 30 }), (reports) => {
        for (const out of join(reports)) expect(out).toMatch(/^[\x20-\x7e]{1,512}$/);
      }),
    );
  });

  it('drops a code as a whole when one of its parts is bad, and reads the next', () => {
    const [first, second, third] = reportsOf('x'.repeat(150));
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error('150 bytes take three reports');
    }
    const bad = Uint8Array.from(second);
    bad[10] = 0x07;
    expect(join([first, bad, third, ...reportsOf('next')])).toEqual(['!notPrintable', 'next']);
  });

  it('drops a code that goes on as another symbology', () => {
    const [first] = reportsOf('x'.repeat(60), ']Q1');
    const [, last] = reportsOf('y'.repeat(60), ']C0');
    expect(join([first ?? new Uint8Array(), last ?? new Uint8Array()])).toEqual(['!mixedParts']);
  });

  it('drops a code that goes on for ever', () => {
    const out = join([...reportsOf('x'.repeat(5_000)), ...reportsOf('next')]);
    expect(out).toEqual(['!tooLong', 'next']);
  });

  it('refuses keyboard reports and other shapes', () => {
    expect(join([new Uint8Array(8), Uint8Array.of(...new Uint8Array(63), 2)])).toEqual([
      '!badReport',
      '!badReport',
    ]);
  });
});
