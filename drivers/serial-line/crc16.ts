/**
 * CRC-16 with polynomial 0x1021, initial value 0xFFFF, nothing reflected and nothing added at the end
 * (known as CCITT-FALSE; 0x29B1 over the ASCII digits 1 to 9).
 */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}
