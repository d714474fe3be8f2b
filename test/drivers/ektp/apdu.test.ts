import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  answerBytes,
  parseAnswer,
  readBinary,
  selectFile,
  shortCommand,
} from '../../../drivers/ektp/apdu.ts';
import { parseCommand } from '../../../drivers/ektp/simulated-icc.ts';

const byte = fc.integer({ min: 0, max: 255 });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('commands and answers', () => {
  it('are the bytes that public readers send', () => {
    expect(hex(selectFile(0x7f0a))).toBe('00a40000027f0a');
    expect(hex(readBinary(0x01f4, 0xfa))).toBe('00b001f4fa');
    expect(hex(readBinary(0, 256))).toBe('00b0000000');
    expect(hex(shortCommand([0, 0x84, 0, 0], undefined, 8))).toBe('0084000008');
  });

  it('say the same on both sides, whatever they carry', () => {
    const data = fc.uint8Array({ maxLength: 255 });
    const length = fc.option(fc.integer({ min: 1, max: 256 }), { nil: undefined });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), data, length, (header, sent, asked) => {
        const command = parseCommand(shortCommand(header, sent, asked));
        expect(command).toEqual({
          cla: header[0],
          ins: header[1],
          p1p2: header[2] * 256 + header[3],
          data: Buffer.from(sent),
          answerLength: asked === undefined ? undefined : asked % 256,
        });
      }),
    );
  });

  it('split into data and status word wherever the answer lies in its buffer', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 256 }),
        fc.integer({ min: 0, max: 0xffff }),
        fc.nat(9),
        (data, sw, shift) => {
          const whole = Buffer.concat([Buffer.alloc(shift), answerBytes(sw, data)]);
          const answer = parseAnswer(whole.subarray(shift));
          expect(answer?.sw).toBe(sw);
          expect(Buffer.from(answer?.data ?? []).equals(data)).toBe(true);
        },
      ),
    );
  });

  it('have no status word when the answer is shorter than one', () => {
    expect(parseAnswer(Uint8Array.of())).toBeNull();
    expect(parseAnswer(Uint8Array.of(0x90))).toBeNull();
  });

  it('are taken apart or refused, whatever bytes they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const command = parseCommand(bytes);
        const length = 4 + (command?.data.length ?? 0);
        if (command !== null) expect(length).toBeLessThanOrEqual(bytes.length);
        expect(parseAnswer(bytes) === null).toBe(bytes.length < 2);
      }),
    );
  });

  it('cannot be longer than a short command', () => {
    expect(() => shortCommand([0, 0xf1, 0, 0], new Uint8Array(256))).toThrow('255 bytes');
    expect(() => readBinary(0x8000, 1)).toThrow('32 KiB');
  });
});
