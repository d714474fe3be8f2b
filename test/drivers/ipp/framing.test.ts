import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ipp from '@sealsystems/ipp';
import { frameOf } from '../../../drivers/ipp/framing.ts';

const answer = (attributes: Readonly<Record<string, unknown>>): Buffer =>
  ipp.serialize({
    version: '2.0',
    statusCode: 'successful-ok',
    id: 77,
    'operation-attributes-tag': {
      'attributes-charset': 'utf-8',
      'attributes-natural-language': 'en',
    },
    'printer-attributes-tag': attributes,
  });

const whole = answer({
  'printer-state': 'idle',
  'printer-state-reasons': ['media-low-report', 'toner-low'],
  'printer-is-accepting-jobs': true,
  'copies-supported': [1, 99],
  'media-size-supported': [
    { 'x-dimension': 21_000, 'y-dimension': 29_700 },
    { 'x-dimension': 8_560, 'y-dimension': 5_398 },
  ],
});
const head = Buffer.from([2, 0, 0, 0, 0, 0, 0, 77, 4]);
const attribute = (tag: number, length: number, value: readonly number[]): Buffer => {
  const bytes = Buffer.from([tag, 0, 1, 0x61, 0, 0, ...value]);
  bytes.writeInt16BE(length, 4);
  return bytes;
};
const message = (...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([head, ...parts, Buffer.from([3])]);

describe('the frame of an IPP answer', () => {
  it('tells code and request id of a whole one', () => {
    expect(frameOf(whole)).toEqual({ statusCode: 0, requestId: 77 });
  });

  it('is none where the answer was cut anywhere', () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(frameOf(whole.subarray(0, length))).toBeNull();
    }
  });

  it.each([
    ['a value of a length below zero', message(attribute(0x44, -6, [0x61]))],
    ['an integer of five bytes', message(attribute(0x21, 5, [0, 0, 0, 0, 1]))],
    ['a boolean of none', message(attribute(0x22, 0, []))],
    ['an unknown value that holds something', message(attribute(0x12, 1, [0]))],
    ['a value tag of nobody', message(attribute(0x6f, 1, [0]))],
    ['the end of a collection that never began', message(attribute(0x37, 3, [1, 2, 3]))],
    ['a collection without an end', message(attribute(0x34, 0, []))],
    ['an extension tag', message(attribute(0x7f, 4, [0, 0, 0, 1]))],
    [
      'a value before any group',
      Buffer.concat([whole.subarray(0, 8), attribute(0x44, 1, [0x61]), Buffer.from([3])]),
    ],
    ['the reserved group tag', Buffer.concat([whole.subarray(0, 8), Buffer.from([0, 3])])],
    [
      'a text with language whose parts overrun it',
      message(attribute(0x35, 6, [0, 2, 0x65, 0x6e, 0, 9])),
    ],
    ['a web page', Buffer.from('<html><body>503</body></html>')],
  ])('is none of %s', (_what, bytes) => {
    expect(frameOf(bytes)).toBeNull();
  });

  it('takes a text with its language', () => {
    expect(frameOf(message(attribute(0x35, 7, [0, 2, 0x65, 0x6e, 0, 1, 0x61])))).not.toBeNull();
  });

  it('lets nothing by on which the library would hang or tell other than of not understanding it', () => {
    const broken = fc
      .tuple(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.boolean())
      .map(([at, bytes, insert]) => {
        const rest = whole.subarray(insert ? at : Math.min(whole.length, at + bytes.length));
        return Buffer.concat([whole.subarray(0, at), bytes, rest]);
      });
    const anything = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([head, bytes]));
    fc.assert(
      fc.property(fc.oneof(broken, anything), (bytes) => {
        if (frameOf(bytes) === null) return;
        try {
          expect(ipp.parse(bytes)).toBeInstanceOf(Object);
        } catch (error) {
          expect(error).toHaveProperty('message');
        }
      }),
      { numRuns: 5_000 },
    );
  }, 60_000);
});
