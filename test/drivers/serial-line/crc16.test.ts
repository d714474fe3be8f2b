import { describe, expect, it } from '@jest/globals';
import { crc16 } from '../../../drivers/serial-line/crc16.ts';

describe('the CRC of a frame', () => {
  it('is CCITT-FALSE: 29B1 over the digits 1 to 9', () => {
    expect(crc16(Buffer.from('123456789'))).toBe(0x29b1);
  });
});
