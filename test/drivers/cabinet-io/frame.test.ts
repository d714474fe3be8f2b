import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeFrame,
  FrameReader,
  MAX_BODY_BYTES,
  type FrameEvent,
} from '../../../drivers/cabinet-io/frame.ts';
import { framed, HostFrames } from '../../../drivers/cabinet-io/simulator-line.ts';

const body = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: MAX_BODY_BYTES })
  .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[$*]/g, '.'));

/** Feeds bytes in pieces whose lengths are `cuts`, as a serial line delivers them. */
function feed(bytes: Uint8Array, cuts: readonly number[] = []): FrameEvent[] {
  const reader = new FrameReader();
  const events: FrameEvent[] = [];
  let from = 0;
  for (const length of cuts) {
    events.push(...reader.push(bytes.subarray(from, from + length)));
    from += length;
  }
  return [...events, ...reader.push(bytes.subarray(from))];
}

const bodiesOf = (events: readonly FrameEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'frame' ? [event.body] : []));
const faultsOf = (text: string): string[] =>
  feed(Buffer.from(text, 'latin1')).map((event) =>
    event.kind === 'fault' ? event.fault : 'frame',
  );

describe('the frames of the controller', () => {
  it('are as PROTOCOL.md shows one', () => {
    expect(Buffer.from(encodeFrame('P,01')).toString('latin1')).toBe('$P,01*21BB\r');
    const answer = 'S,01,00A7,004,D00303,T10100';
    expect(bodiesOf(feed(Buffer.from(`$${answer}*1B26\r\n`)))).toEqual([answer]);
  });

  it('are read as they were written by a program that shares no code with it, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 5 }), fc.array(fc.nat(40)), (bodies, cuts) => {
        const events = feed(Buffer.concat(bodies.map(framed)), cuts);
        expect(events).toEqual(bodies.map((one) => ({ kind: 'frame', body: one })));
      }),
    );
  });

  it('are written so that such a program reads them', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 5 }), (bodies) => {
        const bytes = Buffer.concat(bodies.map(encodeFrame));
        expect(new HostFrames().push(bytes)).toEqual(bodies);
      }),
    );
  });

  it('are found again after any noise, which never throws and is never passed on', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 700 }),
        fc.array(fc.nat(60)),
        body,
        (noise, cuts, wanted) => {
          const bodies = bodiesOf(feed(Buffer.concat([noise, framed(wanted)]), cuts));
          expect(bodies.at(-1)).toBe(wanted);
          for (const one of bodies) expect(one).toMatch(/^[\x20-\x7e]{1,121}$/);
        },
      ),
    );
  });

  it('are dropped when any one bit was turned over', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.nat(7), (wanted, place, bit) => {
        const frame = framed(wanted);
        const at = place % frame.length;
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        expect(bodiesOf(feed(frame))).toEqual([]);
      }),
    );
  });

  it('that are dropped are each said to be so once, and why', () => {
    expect(faultsOf(`$${'x'.repeat(200)}\r`)).toEqual(['tooLong']);
    expect(faultsOf('$P,\u000701*21BB\r')).toEqual(['notPrintable']);
    expect(faultsOf('$P,01*0000\r')).toEqual(['badCheck']);
    expect(faultsOf('$P,01\r')).toEqual(['badCheck']);
    expect(faultsOf('$P,01*21bb\r')).toEqual(['badCheck']);
    expect(faultsOf('$P,0$P,01*21BB\r')).toEqual(['cutShort', 'frame']);
    expect(faultsOf('stray bytes\r\n')).toEqual(['outsideFrame']);
    expect(faultsOf('\r\n\r\n')).toEqual([]);
  });

  it('cannot be made of what has no place in one', () => {
    for (const wrong of ['', 'a$b', 'a*b', 'a\r', 'ä', 'x'.repeat(MAX_BODY_BYTES + 1)]) {
      expect(() => encodeFrame(wrong)).toThrow(RangeError);
    }
  });
});
