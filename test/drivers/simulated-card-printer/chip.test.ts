import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  SPECIMEN_AID_HEX,
  SPECIMEN_FILES,
  SpecimenChip,
} from '../../../drivers/simulated-card-printer/chip.ts';

function blankChip() {
  const memory = { uidHex: '04000000000001', files: {} as Record<string, string> };
  const chip = new SpecimenChip(memory);
  const send = (hex: string): string => chip.transmit(Buffer.from(hex, 'hex')).responseHex;
  return { memory, chip, send };
}

const SELECT_APPLICATION = `00a4040005${SPECIMEN_AID_HEX}`;
const SELECT_DATA = '00a40000020101';

describe('the specimen chip', () => {
  it('is not the application of an e-KTP, and does not answer to that name', () => {
    const { send } = blankChip();
    expect(SPECIMEN_AID_HEX).not.toContain('7f0a');
    expect(send('00a40000027f0a')).toBe('6a82');
    expect(send('00a40400027f0a')).toBe('6a82');
  });

  it('gives no file before its application is selected', () => {
    const { send } = blankChip();
    expect(send(SELECT_DATA)).toBe('6a82');
    expect(send('00b0000004')).toBe('6986');
    expect(send('00d600000141')).toBe('6986');
  });

  it('reads back what was written, and zeroes where nothing was', () => {
    const { send, memory } = blankChip();
    expect(send(SELECT_APPLICATION)).toBe('9000');
    expect(send(SELECT_DATA)).toBe('9000');
    expect(send('00d600020341424a')).toBe('9000');
    expect(send('00b0000006')).toBe('000041424a009000');
    expect(Object.keys(memory.files)).toEqual(['0101']);
  });

  it('keeps every file to itself, and the bytes when the field is gone', () => {
    const { send, memory } = blankChip();
    send(SELECT_APPLICATION);
    send(SELECT_DATA);
    send('00d60000014e');
    send('00a40000020102');
    expect(send('00b0000001')).toBe('009000');
    const again = new SpecimenChip(memory);
    expect(again.transmit(Buffer.from('00b0000001', 'hex')).responseHex).toBe('6986');
    again.transmit(Buffer.from(SELECT_APPLICATION, 'hex'));
    again.transmit(Buffer.from(SELECT_DATA, 'hex'));
    expect(again.transmit(Buffer.from('00b0000001', 'hex')).responseHex).toBe('4e9000');
  });

  it('writes nothing past the end of a file', () => {
    const { send, memory } = blankChip();
    send(SELECT_APPLICATION);
    send('00a40000020103');
    const last = (SPECIMEN_FILES['0103'] ?? 0) - 1;
    const offset = last.toString(16).padStart(4, '0');
    expect(send(`00d6${offset}024142`)).toBe('6b00');
    expect(memory.files).toEqual({});
    expect(send(`00d6${offset}0141`)).toBe('9000');
    expect(send(`00b0${offset}05`)).toBe('416282');
  });

  it('refuses what it does not know by the book', () => {
    const { send } = blankChip();
    expect(send('0084000008')).toBe('6d00');
    expect(send('80ca000000')).toBe('6e00');
    expect(send('00a40904023f00')).toBe('6a86');
    expect(send('00a4040005f0414e4a')).toBe('6700');
  });

  it('answers every command with a status word and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 4, maxLength: 300 })), (apdus) => {
        const { chip } = blankChip();
        chip.transmit(Buffer.from(SELECT_APPLICATION, 'hex'));
        for (const apdu of apdus) {
          const { responseHex } = chip.transmit(Buffer.from(apdu));
          expect(responseHex).toMatch(/^([0-9a-f]{2})*(9000|6[0-9a-f]{3})$/);
        }
      }),
    );
  });
});
