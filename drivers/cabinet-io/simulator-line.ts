/**
 * The simulated controller's own end of the line, written from PROTOCOL.md and not from the driver: it shares no
 * frame code and no letters with it.
 */

/** CRC-16 CCITT-FALSE by its table of 16, as small controllers compute it. */
const NIBBLES = Array.from({ length: 16 }, (_, nibble) => {
  let crc = nibble << 12;
  for (let bit = 0; bit < 4; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

function checkOf(body: string): string {
  let crc = 0xffff;
  for (const byte of Buffer.from(body, 'latin1')) {
    for (const nibble of [byte >> 4, byte & 0x0f]) {
      crc = ((crc << 4) ^ (NIBBLES[(crc >> 12) ^ nibble] ?? 0)) & 0xffff;
    }
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}

export const framed = (body: string): Buffer =>
  Buffer.from(`$${body}*${checkOf(body)}\r`, 'latin1');

/** Collects text up to each CR; what is no whole frame is thrown away without a word, as §2 says. */
export class HostFrames {
  #text = '';

  /** The bodies of the frames that became complete. */
  push(bytes: Uint8Array): string[] {
    const lines = (this.#text + Buffer.from(bytes).toString('latin1')).split('\r');
    this.#text = (lines.pop() ?? '').slice(-128);
    return lines.flatMap((line) => {
      const frame = line.slice(line.lastIndexOf('$') + 1);
      const [body = '', check, ...more] = frame.split('*');
      const whole = line.includes('$') && more.length === 0 && check === checkOf(body);
      return whole && body !== '' ? [body] : [];
    });
  }
}

/** One request of §3, or null for anything else. */
export type HostRequest =
  | { readonly verb: 'Q' | 'P' | 'A'; readonly sequence: string }
  | {
      readonly verb: 'L' | 'C';
      readonly sequence: string;
      readonly letter: string;
      readonly value: string;
    };

export function requestOf(body: string): HostRequest | null {
  const [verb, sequence, argument, ...more] = body.split(',');
  if (sequence === undefined || !/^[0-9A-F]{2}$/.test(sequence) || more.length > 0) return null;
  switch (verb) {
    case 'Q':
    case 'P':
    case 'A':
      return argument === undefined ? { verb, sequence } : null;
    case 'L':
    case 'C': {
      const [letter, ...digits] = argument ?? '';
      return letter === undefined ? null : { verb, sequence, letter, value: digits.join('') };
    }
    case undefined:
    default:
      return null;
  }
}
