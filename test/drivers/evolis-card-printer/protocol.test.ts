import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  command,
  countOf,
  download,
  feedersOf,
  hear,
  MAX_REPLY_BYTES,
  nothingHeard,
  portStatusOf,
  saysCardInside,
} from '../../../drivers/evolis-card-printer/protocol.ts';
import {
  CommandParser,
  StreamBreach,
} from '../../../drivers/evolis-card-printer/simulator-parser.ts';
import { identityOf } from '../../../drivers/usb/device-id.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a command of the card printer', () => {
  it('is the bytes that the guide describes', () => {
    expect(hex(command('Pem', 2))).toBe('1b50656d3b320d');
    expect(hex(command('Rsn'))).toBe('1b52736e0d');
    expect(hex(command('Sic'))).toBe('1b5369630d');
    expect(hex(command('Pr', 'kb'))).toBe('1b50723b6b620d');
    expect(hex(download('k', 2, Buffer.of(0x1b, 0x0d)))).toBe('1b44623b6b3b323b1b0d0d');
  });

  it('is read by a parser that knows nothing of the encoder, whole and in any pieces', () => {
    const plane = new Uint8Array(82_296).map((_, index) => (index * 7) % 256);
    const stream = Buffer.concat([
      command('Ss'),
      Buffer.alloc(5),
      download('k', 2, plane),
      command('Se'),
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 6 }), (cuts) => {
        const parser = new CommandParser();
        let at = 0;
        const commands = [...cuts, stream.length].flatMap((length) => {
          const part = stream.subarray(at, at + length);
          at += length;
          return parser.push(part);
        });
        expect(commands.map(({ name }) => name)).toEqual(['Ss', 'Db', 'Se']);
        expect(commands[1]?.parameters).toEqual(['k', '2']);
        expect(hex(commands[1]?.data ?? new Uint8Array(0))).toBe(hex(plane));
        expect(parser.inCommand).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['letters without ESC', 'Ss\r'],
    ['an unknown depth', '\x1bDb;k;3;'],
    ['a name that is none', '\x1b\r'],
    ['no end', `\x1b${'S'.repeat(80)}`],
  ])('that is %s is refused by the simulator', (_what, text) => {
    expect(() => new CommandParser().push(Buffer.from(text, 'latin1'))).toThrow(StreamBreach);
  });
});

describe('an answer of the card printer', () => {
  const heard = (text: string) => hear(nothingHeard, Buffer.from(text, 'latin1'));

  it.each(['OK\0', 'OK\r', '\0\0OK\0', 'OK\r\n', ' OK \0'])('ends at NUL or CR: %j', (text) => {
    expect(heard(text)).toEqual({ ok: true, value: { text: 'OK', ended: true } });
  });

  it('goes on over parts', () => {
    const first = heard('NO C');
    expect(first).toEqual({ ok: true, value: { text: 'NO C', ended: false } });
    if (!first.ok) return;
    expect(hear(first.value, Buffer.from('ARD\0'))).toMatchObject({ value: { text: 'NO CARD' } });
  });

  it('that never ends or is no text is none, whatever the bytes', () => {
    expect(heard('A'.repeat(MAX_REPLY_BYTES + 1))).toEqual({ ok: false, error: 'tooLong' });
    expect(heard('\x80')).toEqual({ ok: false, error: 'notPrintable' });
    expect(heard('OK\0OK\0')).toEqual({ ok: false, error: 'tooMany' });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const one = hear(nothingHeard, bytes);
        if (one.ok) expect(one.value.text).toMatch(/^[\x20-\x7e]{0,128}$/);
      }),
    );
  });

  it('says what the guide says it does, and nothing where it is something else', () => {
    expect(['NO CARD', 'ERR CARD', 'OK', ''].map(saysCardInside)).toEqual([
      false,
      true,
      null,
      null,
    ]);
    expect(['0', '17', '-1', '1e3', '', 'x'].map(countOf)).toEqual([0, 17, null, null, null, null]);
    expect(feedersOf('0')).toEqual(new Set());
    expect(feedersOf('3')).toEqual(new Set([1, 2]));
    expect(['4', '', 'toString'].map(feedersOf)).toEqual([null, null, null]);
  });
});

describe('the port of the card printer', () => {
  it('is read as USB printer class has it', () => {
    expect(portStatusOf(0x18)).toEqual({ outOfMedia: false, fault: false });
    expect(portStatusOf(0x38)).toEqual({ outOfMedia: true, fault: false });
    expect(portStatusOf(0x10)).toEqual({ outOfMedia: false, fault: true });
  });

  it('names maker and model by long keys and short ones', () => {
    expect(identityOf('MFG:Evolis;MDL:Primacy 2;')).toEqual({
      maker: 'Evolis',
      model: 'Primacy 2',
    });
    expect(identityOf('MANUFACTURER:A;MODEL:B;CLS:PRINTER;')).toEqual({ maker: 'A', model: 'B' });
    expect(identityOf('\x01nonsense')).toEqual({ maker: null, model: null });
  });
});
