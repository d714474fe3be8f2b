import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { runReading } from '../../../drivers/ektp/read-session.ts';
import { SimulatedSam } from '../../../drivers/ektp/simulated-sam.ts';
import { SimulatedEKtp, type CardFault } from '../../../drivers/ektp/simulator.ts';
import { samOpenBodyOf, TEST_CONF_HEX, TEST_PCID_HEX } from '../../../drivers/ektp/test-scheme.ts';
import { ok } from '../../../src/base/result.ts';
import { channelTo, siti, TYPE_A_UID } from './synthetic-card.ts';

export const openBody = samOpenBodyOf(
  Buffer.from(TEST_PCID_HEX, 'hex'),
  Buffer.from(TEST_CONF_HEX, 'hex'),
);
/** A card, a SAM and a reading of both, any of which may be exchanged. */
export function bench(
  options: { uidHex?: string; fault?: CardFault; masterKey?: Uint8Array } = {},
) {
  const card = new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: siti, ...options });
  const sam = new SimulatedSam();
  const read = (change: { card?: CardChannel; sam?: CardChannel; openBody?: Uint8Array } = {}) =>
    runReading({
      card: change.card ?? channelTo(card),
      sam: { channel: change.sam ?? channelTo(sam), openBody: change.openBody ?? openBody },
    });
  return { card, sam, read };
}

/** Counts the answers that pass, and changes one of them. */
export function tampered(channel: CardChannel, at: number, change: (answer: Buffer) => Uint8Array) {
  let passed = 0;
  const transmit: CardChannel['transmit'] = async (apdu) => {
    const answer = await channel.transmit(apdu);
    const isIt = passed++ === at;
    return answer.ok && isIt ? ok(change(Buffer.from(answer.value))) : answer;
  };
  return { transmit, count: () => passed };
}

export const flipped = (bit: number) => (answer: Buffer) => {
  const at = bit % (answer.length * 8);
  const byte = at >> 3;
  answer.writeUInt8(answer.readUInt8(byte) ^ (1 << (at & 7)), byte);
  return answer;
};
