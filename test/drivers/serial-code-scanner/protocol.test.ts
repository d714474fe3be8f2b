import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { MAX_CODE_BYTES } from '../../../drivers/contract/code-scanner.ts';
import {
  encodeFrame,
  FrameDecoder,
  LineDecoder,
  MAX_BYTE_GAP_MS,
  type ScanDecoder,
  type ScanEvent,
} from '../../../drivers/serial-code-scanner/protocol.ts';

const printable = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: MAX_CODE_BYTES })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));

/** Feeds bytes in pieces whose lengths are `cuts`, as a serial line delivers them. */
function feed(decoder: ScanDecoder, bytes: Uint8Array, cuts: readonly number[]): ScanEvent[] {
  const events: ScanEvent[] = [];
  let from = 0;
  for (const length of cuts) {
    events.push(...decoder.push(bytes.subarray(from, from + length)));
    from += length;
  }
  return [...events, ...decoder.push(bytes.subarray(from))];
}

const codesOf = (events: readonly ScanEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'code' ? [event.payload] : []));

describe('the framed decoder', () => {
  it('gives back every payload that was encoded, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(printable, { maxLength: 5 }), fc.array(fc.nat(40)), (codes, cuts) => {
        const bytes = Buffer.concat(codes.map(encodeFrame));
        const events = feed(new FrameDecoder(), bytes, cuts);
        expect(events).toEqual(codes.map((payload) => ({ kind: 'code', payload })));
      }),
    );
  });

  it('never throws, and passes on nothing longer than the limit or not printable', () => {
    const noise = fc.uint8Array({ maxLength: 2_000 });
    fc.assert(
      fc.property(noise, fc.array(fc.nat(100)), (bytes, cuts) => {
        for (const payload of codesOf(feed(new FrameDecoder(), bytes, cuts))) {
          expect(payload).toMatch(/^[\x20-\x7e]{1,512}$/);
        }
      }),
    );
  });

  it('finds the next whole frame after any noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), printable, (noise, code) => {
        const bytes = Buffer.concat([noise, encodeFrame(code)]);
        expect(codesOf(new FrameDecoder().push(bytes)).at(-1)).toBe(code);
      }),
    );
  });

  it('drops a frame in which any one bit was turned over', () => {
    fc.assert(
      fc.property(printable, fc.nat(), fc.nat(7), (code, place, bit) => {
        const frame = encodeFrame(code);
        const at = place % frame.length;
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        expect(codesOf(new FrameDecoder().push(frame))).not.toContain(code);
        expect(codesOf(new FrameDecoder().push(frame))).toEqual([]);
      }),
    );
  });

  it('says why it dropped what it dropped, once each', () => {
    const faults = (bytes: Uint8Array): string[] =>
      new FrameDecoder()
        .push(bytes)
        .map((event) => (event.kind === 'fault' ? event.fault : 'code'));
    expect(faults(encodeFrame('x'.repeat(MAX_CODE_BYTES + 1)))).toEqual(['tooLong']);
    expect(faults(encodeFrame('a\u0007b'))).toEqual(['notPrintable']);
    expect(faults(Buffer.from('\u0002abc\u0003FFFF', 'latin1'))).toEqual(['badCheck']);
    expect(faults(Buffer.from('\u0002abc\u0003zzzz', 'latin1'))).toEqual(['badCheck']);
    expect(faults(Buffer.from('stray bytes'))).toEqual(['outsideFrame']);
    expect(faults(Buffer.from('\r\n'))).toEqual([]);
    const cutShort = Buffer.concat([Buffer.from('\u0002abc', 'latin1'), encodeFrame('whole')]);
    expect(faults(cutShort)).toEqual(['badCheck', 'code']);
  });
});

describe('the CR-terminated decoder', () => {
  it('gives back every line, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(printable, { maxLength: 5 }), fc.array(fc.nat(40)), (codes, cuts) => {
        const bytes = Buffer.from(codes.map((code) => `${code}\r\n`).join(''), 'latin1');
        expect(codesOf(feed(new LineDecoder(new FakeClock()), bytes, cuts))).toEqual(codes);
      }),
    );
  });

  it('never throws, and passes on nothing longer than the limit or not printable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.array(fc.nat(100)), (bytes, cuts) => {
        for (const payload of codesOf(feed(new LineDecoder(new FakeClock()), bytes, cuts))) {
          expect(payload).toMatch(/^[\x20-\x7e]{1,512}$/);
        }
      }),
    );
  });

  it('drops a line that is too long, whole, and reads the next', () => {
    const bytes = Buffer.from(`${'x'.repeat(MAX_CODE_BYTES + 1)}\rnext\r`);
    expect(new LineDecoder(new FakeClock()).push(bytes)).toEqual([
      { kind: 'fault', fault: 'tooLong' },
      { kind: 'code', payload: 'next' },
    ]);
  });

  it('drops what paused in the middle of a read, and never joins it to the next', () => {
    const clock = new FakeClock();
    const decoder = new LineDecoder(clock);
    decoder.push(Buffer.from('ANJ1.FIR'));
    clock.advance(MAX_BYTE_GAP_MS);
    expect(decoder.push(Buffer.from('ST\rANJ1.HAL'))).toEqual([
      { kind: 'code', payload: 'ANJ1.FIRST' },
    ]);
    clock.advance(MAX_BYTE_GAP_MS + 1);
    expect(decoder.push(Buffer.from('F\rANJ1.NEXT\r'))).toEqual([
      { kind: 'fault', fault: 'partMissing' },
      { kind: 'code', payload: 'ANJ1.NEXT' },
    ]);
  });

  it('takes a pause between two reads, or before the LF of one, for what it is', () => {
    const clock = new FakeClock();
    const decoder = new LineDecoder(clock);
    decoder.push(Buffer.from('first\r'));
    clock.advance(60_000);
    decoder.push(Buffer.from('\n'));
    clock.advance(60_000);
    expect(decoder.push(Buffer.from('next\r'))).toEqual([{ kind: 'code', payload: 'next' }]);
  });
});
