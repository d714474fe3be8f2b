import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  encode,
  errorNameOf,
  messageBytesOf,
  parseNotice,
  parseReply,
  type CommandName,
} from '../../../drivers/ccid-card-reader/protocol.ts';
import { readRequest } from '../../../drivers/ccid-card-reader/simulator-parser.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const byte = fc.integer({ min: 0, max: 255 });

describe('messages to a CCID reader', () => {
  it('are the bytes that the standard gives', () => {
    expect(hex(encode('iccPowerOn', { slot: 0, sequence: 5 }))).toBe('62000000000005000000');
    expect(hex(encode('getSlotStatus', { slot: 1, sequence: 0xff }))).toBe(
      '6500000000 01ff000000'.replace(' ', ''),
    );
    const data = Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08);
    expect(hex(encode('xfrBlock', { slot: 0, sequence: 7, level: 0x0010, data }))).toBe(
      '6f050000000007001000' + '0084000008',
    );
  });

  it('say the same on both sides, whatever they carry', () => {
    const kinds: Readonly<Record<CommandName, string>> = {
      iccPowerOn: 'powerOn',
      iccPowerOff: 'powerOff',
      getSlotStatus: 'slotStatus',
      xfrBlock: 'block',
      abort: 'abort',
    };
    const names = Object.keys(kinds) as CommandName[];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        byte,
        byte,
        fc.uint8Array({ maxLength: 300 }),
        (name, slot, sequence, block) => {
          const data = name === 'xfrBlock' ? block : new Uint8Array(0);
          const read = readRequest(encode(name, { slot, sequence, data }));
          expect(read).toMatchObject({ slot, sequence, request: { kind: kinds[name] } });
          if (read?.request.kind === 'block') {
            expect(read.request.data.equals(data)).toBe(true);
          }
        },
      ),
    );
  });
});

/** A data block that is well formed, of slot 1 and number 9. */
const dataBlock = (data: Uint8Array, status = 0, error = 0, chain = 0): Buffer => {
  const header = Buffer.from([0x80, 0, 0, 0, 0, 1, 9, status, error, chain]);
  header.writeUInt32LE(data.length, 1);
  return Buffer.concat([header, data]);
};

describe('messages from a CCID reader', () => {
  it('say whose they are, how the command went and what is in the slot', () => {
    expect(parseReply(dataBlock(Uint8Array.of(0x90, 0x00)))).toMatchObject({
      ok: true,
      value: { slot: 1, sequence: 9, card: 'active', command: 'done', isDataBlock: true },
    });
    expect(parseReply(dataBlock(Uint8Array.of(), 0x42, 0xfe))).toMatchObject({
      ok: true,
      value: { card: 'absent', command: 'failed', error: 0xfe },
    });
    expect(parseReply(dataBlock(Uint8Array.of(), 0x80, 3))).toMatchObject({
      ok: true,
      value: { command: 'timeExtension', error: 3 },
    });
  });

  it.each([
    ['tooShort', dataBlock(Uint8Array.of()).subarray(0, 9)],
    ['lengthLies', dataBlock(Uint8Array.of(1, 2, 3)).subarray(0, 12)],
    ['lengthLies', Buffer.concat([dataBlock(Uint8Array.of(1)), Buffer.of(2)])],
    ['unknownType', Buffer.concat([Buffer.of(0x8f), dataBlock(Uint8Array.of()).subarray(1)])],
    ['reservedStatus', dataBlock(Uint8Array.of(), 0x03)],
    ['reservedStatus', dataBlock(Uint8Array.of(), 0xc0)],
  ])('are refused as %s', (fault, message) => {
    expect(parseReply(message)).toEqual({ ok: false, error: fault });
  });

  it('are taken whole or not at all, cut and lengthened anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(320), byte, (data, cut, extra) => {
        const whole = dataBlock(data);
        const parsed = parseReply(whole);
        expect(parsed.ok && Buffer.from(parsed.value.data).equals(data)).toBe(true);
        if (cut < whole.length) expect(parseReply(whole.subarray(0, cut)).ok).toBe(false);
        expect(parseReply(Buffer.concat([whole, Buffer.of(extra)])).ok).toBe(false);
      }),
    );
  });

  it('are answered for, whatever bytes they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const parsed = parseReply(bytes);
        const length = messageBytesOf(bytes);
        if (parsed.ok) expect(length).toBe(bytes.length);
        else
          expect(['tooShort', 'lengthLies', 'unknownType', 'reservedStatus']).toContain(
            parsed.error,
          );
      }),
    );
  });

  it('name each error, known or not', () => {
    expect([0xfe, 0xfb, 0xe0, 0x00].map(errorNameOf)).toEqual([
      'iccMute',
      'hwError',
      'cmdSlotBusy',
      'cmdNotSupported',
    ]);
    expect(errorNameOf(0x05)).toBe('badByte5');
    expect(errorNameOf(0x90)).toBe('error90');
  });
});

describe('the interrupt pipe of a CCID reader', () => {
  it('has two bits a slot, four slots a byte', () => {
    const notices = parseNotice(Uint8Array.of(0x50, 0b00_00_11_01, 0b10), 5);
    expect(notices).toEqual([
      { present: true, changed: false },
      { present: true, changed: true },
      { present: false, changed: false },
      { present: false, changed: false },
      { present: false, changed: true },
    ]);
  });

  it('may tell of a fault of the reader, and is not believed where it is too short or unknown', () => {
    expect(parseNotice(Uint8Array.of(0x51, 0, 9, 1), 1)).toBe('hardwareError');
    expect(parseNotice(Uint8Array.of(0x50), 1)).toBeNull();
    expect(parseNotice(Uint8Array.of(0x50, 0), 5)).toBeNull();
    expect(parseNotice(Uint8Array.of(0x77, 0, 0, 0), 1)).toBeNull();
  });

  it('gives one notice a slot or none, whatever bytes come', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        fc.integer({ min: 1, max: 256 }),
        (bytes, slots) => {
          const notices = parseNotice(bytes, slots);
          if (Array.isArray(notices)) expect(notices).toHaveLength(slots);
        },
      ),
    );
  });
});
