import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { answerBytes } from '../../../drivers/ektp/apdu.ts';
import { formatBiodata } from '../../../drivers/ektp/biodata.ts';
import { runReading } from '../../../drivers/ektp/read-session.ts';
import { SimulatedEKtp } from '../../../drivers/ektp/simulator.ts';
import { ok } from '../../../src/base/result.ts';
import { bench, flipped, openBody, tampered } from './reading-bench.ts';
import { channelTo, siti, TYPE_A_UID } from './synthetic-card.ts';

/** Reads with one flipped bit in the card's answers; says whose identity came out, if any. */
async function readFlipped(at: number, bit: number): Promise<string | null> {
  const { card, read } = bench();
  const reading = await read({ card: tampered(channelTo(card), at, flipped(bit)) });
  return reading.ok ? JSON.stringify(reading.value.biodata) : null;
}

describe('a bit flipped on the way', () => {
  it('never makes one person into another', async () => {
    const { card, read } = bench();
    const whole = tampered(channelTo(card), -1, (answer) => answer);
    await read({ card: whole });
    const answers = fc.integer({ min: 0, max: whole.count() - 1 });
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(2_100), async (at, bit) => {
        const identity = await readFlipped(at, bit);
        expect([null, JSON.stringify(siti)]).toContain(identity);
      }),
      { numRuns: 300 },
    );
  });

  it('would, if card and SAM did not check their messages', async () => {
    const sam = { channel: uncheckedSam, openBody };
    const whole = tampered(uncheckedCard(), -1, (answer) => answer);
    expect((await runReading({ card: whole, sam })).ok).toBe(true);
    const identities = new Set<string | null>();
    for (let bit = 0; bit < 200; bit++) {
      const card = tampered(uncheckedCard(), whole.count() - 1, flipped(bit));
      const reading = await runReading({ card, sam });
      identities.add(reading.ok ? JSON.stringify(reading.value.biodata) : null);
    }
    identities.delete(null);
    identities.delete(JSON.stringify(siti));
    expect(identities.size).toBeGreaterThan(0);
  });
});

/** The mutant: a SAM that lets everything through as it is. */
const uncheckedSam: CardChannel = {
  transmit(apdu) {
    const data = apdu.subarray(5, 5 + (apdu[4] ?? 0));
    if (apdu[1] === 0xf1) return Promise.resolve(ok(answerBytes(0x9000, Buffer.alloc(40))));
    return Promise.resolve(ok(answerBytes(0x9000, data)));
  },
};

/** And the card to it: secured answers in clear, with the inner status word within. */
function uncheckedCard(): CardChannel {
  const clear = channelTo(new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: siti }));
  const text = Buffer.from(formatBiodata(siti));
  const file = Buffer.concat([Buffer.of(text.length >> 8, text.length & 0xff), text]);
  let securing = false;
  return {
    async transmit(apdu) {
      if (apdu[1] === 0x82) {
        securing = true;
        return ok(answerBytes(0x9000, Buffer.alloc(40)));
      }
      if (!securing) return clear.transmit(apdu);
      const at = ((apdu[2] ?? 0) << 8) | (apdu[3] ?? 0);
      const read = apdu[1] === 0xb0 ? file.subarray(at, at + (apdu[4] ?? 0)) : undefined;
      return ok(answerBytes(0x9000, answerBytes(0x9000, read)));
    },
  };
}
