import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CardChannel } from '../../../drivers/contract/card-channel.ts';
import { answerBytes, parseAnswer } from '../../../drivers/ektp/apdu.ts';
import { runReading } from '../../../drivers/ektp/read-session.ts';
import { SimulatedEKtp } from '../../../drivers/ektp/simulator.ts';
import { ok } from '../../../src/base/result.ts';
import { bench, flipped, openBody, tampered } from './reading-bench.ts';
import { channelTo, siti, TYPE_A_UID } from './synthetic-card.ts';

const otherKey = Buffer.alloc(32, 7);

const errorCode = (code: string) => ({
  ok: false,
  error: { kind: 'commandError', errorCode: code },
});

describe('the command sequence', () => {
  it.each([
    ['type A with 7 bytes', TYPE_A_UID],
    ['type A with 4 bytes', 'A1B2C3D4'],
    ['type B with 8 bytes', '0102030405060708'],
  ])('reads and authenticates a card of %s', async (_, uidHex) => {
    const { card, sam, read } = bench({ uidHex });
    const reading = await read();
    expect(reading.ok && reading.value).toMatchObject({ uidHex, biodata: siti });
    expect([...card.violations, ...sam.violations]).toEqual([]);
  });

  it('reads the same card twice, and leaves the SAM closed in between', async () => {
    const { sam, read } = bench();
    expect((await read()).ok).toBe(true);
    const afterwards = sam.transmit(Uint8Array.of(0x00, 0xf3, 0x00, 0x00, 0x01, 0x00));
    expect(afterwards).toEqual({ kind: 'answer', bytes: answerBytes(0x6985) });
    expect((await read()).ok).toBe(true);
  });

  it('reads every byte of a photo, whatever its length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 8_000 }), async (length) => {
        const middle = Buffer.alloc(length, 'SPESIMEN');
        const photoJpeg = Buffer.concat([Buffer.of(0xff, 0xd8), middle, Buffer.of(0xff, 0xd9)]);
        const card = new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: siti, photoJpeg });
        const reading = await runReading({ card: channelTo(card), sam: null });
        expect(reading.ok && Buffer.from(reading.value.photoJpeg).equals(photoJpeg)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('calls a card without a SAM no more than present', async () => {
    const { card } = bench();
    const reading = await runReading({ card: channelTo(card), sam: null });
    expect(reading.ok && reading.value.biodata).toBeNull();
    expect(card.violations).toEqual([]);
  });
});

describe('a reading that nobody wants any more', () => {
  it('stops before its next step, wherever it is, and the next card is read as ever', async () => {
    const whole = bench();
    const counted = tampered(channelTo(whole.card), -1, (answer) => answer);
    expect((await whole.read({ card: counted })).ok).toBe(true);
    expect(counted.count()).toBeGreaterThan(10);
    for (const steps of [0, 1, counted.count() - 1]) {
      const { card, sam, read } = bench();
      const wanted = new AbortController();
      let taken = 0;
      const leaving: CardChannel = {
        transmit: (apdu) => {
          taken += 1;
          if (taken === steps) wanted.abort();
          return channelTo(card).transmit(apdu);
        },
      };
      if (steps === 0) wanted.abort();
      const channels = { card: leaving, sam: { channel: channelTo(sam), openBody } };
      const canceled = { ok: false, error: { kind: 'canceled' } };
      expect(await runReading(channels, wanted.signal)).toEqual(canceled);
      expect(taken).toBe(steps);
      expect(
        (await read({ card: channelTo(new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: siti })) }))
          .ok,
      ).toBe(true);
    }
  });
});

describe('the public sequence', () => {
  it('goes to card and SAM in this order, each step once or as often as there are chunks', async () => {
    const { card, sam } = bench();
    const steps: string[] = [];
    const noting = (to: string, channel: CardChannel): CardChannel => ({
      transmit(apdu) {
        const [, ins = 0, , , lc = 0] = apdu;
        const file =
          ins === 0xa4 ? ` ${Buffer.from(apdu.subarray(5, 5 + lc)).toString('hex')}` : '';
        const step = `${to} ${ins.toString(16)}${file}`;
        if (steps.at(-1) !== step) steps.push(step);
        return channel.transmit(apdu);
      },
    });
    await runReading({
      card: noting('card', channelTo(card)),
      sam: { channel: noting('sam', channelTo(sam)), openBody },
    });
    expect(steps.slice(0, 11)).toEqual([
      'sam f0',
      'card ca',
      'card a4 7f0a',
      'card a4 6ff2',
      'card b0',
      'card a4 6ff0',
      'card b0',
      'card 84',
      'sam f1',
      'card 82',
      'sam f2',
    ]);
    // SELECT 6FF1, its length, then its text: each wrapped by the SAM, answered by the card, unwrapped by the SAM.
    const secured = steps.slice(11, -1);
    expect(secured.length).toBeGreaterThanOrEqual(9);
    secured.forEach((step, index) => {
      expect(step).toMatch([/^sam f3$/, /^card (a4|b0)/, /^sam f4$/][index % 3] ?? /^$/);
    });
    expect(steps.at(-1)).toBe('sam ff');
    expect([...card.violations, ...sam.violations]).toEqual([]);
  });
});

describe('the ladder of failed reads', () => {
  it.each([
    ['pulledMidRead', 'cardRemoved'],
    ['garbage', 'cardGarbled'],
    ['silent', 'cardSilent'],
    ['stranger', 'authenticationFailed'],
  ] as const)('has a rung for a card that is %s', async (fault, code) => {
    expect(await bench({ fault }).read()).toEqual(errorCode(code));
  });

  it('tells a card of another issuer, which itself refuses our SAM', async () => {
    expect(await bench({ masterKey: otherKey }).read()).toEqual(errorCode('authenticationFailed'));
  });

  it('tells a SAM that does not open with our values', async () => {
    const { sam, read } = bench();
    expect(await read({ openBody: Buffer.alloc(32) })).toEqual(errorCode('samRefused'));
    expect(sam.violations).toEqual([]);
  });

  it('tells a card whose proof is longer than a command to the SAM can be', async () => {
    const { card, read } = bench();
    const inner = channelTo(card);
    const wordy: CardChannel = {
      transmit: (apdu) =>
        apdu[1] === 0x82
          ? Promise.resolve(ok(answerBytes(0x9000, Buffer.alloc(256))))
          : inner.transmit(apdu),
    };
    expect(await read({ card: wordy })).toEqual(errorCode('cardGarbled'));
  });

  it('tells a card that is no e-KTP', async () => {
    const bankCard: CardChannel = {
      transmit: (apdu) =>
        Promise.resolve(
          ok(apdu[1] === 0xca ? answerBytes(0x9000, Buffer.alloc(4)) : answerBytes(0x6a82)),
        ),
    };
    expect(await bench().read({ card: bankCard })).toEqual(errorCode('notAnEKtp'));
  });

  it.each([
    ['wraps no command', 0xf3],
    ['unwraps no answer', 0xf4],
  ])('tells a SAM that %s any more', async (_, refused) => {
    const { sam, read } = bench();
    const opened = channelTo(sam);
    const tired: CardChannel = {
      transmit: (apdu) =>
        apdu[1] === refused ? Promise.resolve(ok(answerBytes(0x6988))) : opened.transmit(apdu),
    };
    expect(await read({ sam: tired })).toEqual(errorCode('secureMessagingFailed'));
  });

  it('tells a card whose secured answer was changed on the way', async () => {
    const { card, read } = bench();
    const whole = tampered(channelTo(card), -1, (answer) => answer);
    await read({ card: whole });
    const last = tampered(channelTo(bench().card), whole.count() - 1, flipped(3));
    expect(await bench().read({ card: last })).toEqual(errorCode('secureMessagingFailed'));
  });

  it('tells biodata that are not what the file should hold', async () => {
    const text = { ...siti, nik: '9'.repeat(9_000) };
    const card = new SimulatedEKtp({ uidHex: TYPE_A_UID, biodata: text });
    expect(await bench().read({ card: channelTo(card) })).toEqual(errorCode('biodataUnreadable'));
  });

  it('tells a reader that failed, and does not blame the card', async () => {
    const failed: CardChannel = {
      transmit: () =>
        Promise.resolve({ ok: false, error: { kind: 'readerFailed', reason: 'cut' } }),
    };
    const hardware = { ok: false, error: { kind: 'hardwareError', reason: 'cut' } };
    expect(await bench().read({ card: failed })).toEqual(hardware);
    expect(await bench().read({ sam: failed })).toEqual(hardware);
  });

  it('has a rung for whatever card and SAM answer, and comes to an end', async () => {
    const noise = (bytes: readonly Uint8Array[]): CardChannel => {
      let next = 0;
      return {
        transmit: () => Promise.resolve(ok(bytes[next++ % bytes.length] ?? new Uint8Array(0))),
      };
    };
    const word = fc.constantFrom(0x9000, 0x6282, 0x6a82, 0x6988, 0x6100);
    const plausible = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), word)
      .map(([data, sw]) => answerBytes(sw, data));
    const answers = fc.array(fc.oneof(plausible, fc.uint8Array({ maxLength: 300 })), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(answers, answers, async (fromCard, fromSam) => {
        const reading = await runReading({
          card: noise(fromCard),
          sam: { channel: noise(fromSam), openBody },
        });
        expect(reading.ok ? 'read' : reading.error.kind).toBe('commandError');
      }),
      { numRuns: 300 },
    );
  });

  it('tells a SAM that was pulled out', async () => {
    const pulled: CardChannel = {
      transmit: () => Promise.resolve({ ok: false, error: { kind: 'cardRemoved' } }),
    };
    expect(await bench().read({ sam: pulled })).toEqual(errorCode('samMissing'));
  });

  it('tells a reader that went away', async () => {
    const gone: CardChannel = {
      transmit: () => Promise.resolve({ ok: false, error: { kind: 'readerGone' } }),
    };
    expect(await bench().read({ card: gone })).toEqual({
      ok: false,
      error: { kind: 'deviceGone' },
    });
  });

  it('tells an answer too short for a status word, at whichever command it comes', async () => {
    const { card, read } = bench();
    const whole = tampered(channelTo(card), -1, (answer) => answer);
    await read({ card: whole });
    for (let at = 0; at < whole.count(); at++) {
      const cut = tampered(channelTo(bench().card), at, () => Uint8Array.of(0x90));
      expect(await bench().read({ card: cut })).toEqual(errorCode('cardGarbled'));
    }
  });
});

describe('the simulated card and SAM', () => {
  it('refuse and record what they do not know', () => {
    const { card, sam } = bench();
    expect(card.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x01))).toEqual({
      kind: 'answer',
      bytes: answerBytes(0x6d00),
    });
    expect(card.transmit(Uint8Array.of(0x80, 0xb0, 0x00, 0x00, 0x01))).toEqual({
      kind: 'answer',
      bytes: answerBytes(0x6e00),
    });
    expect(sam.transmit(Uint8Array.of(0x00, 0xfa, 0x00, 0x00))).toEqual({
      kind: 'answer',
      bytes: answerBytes(0x6d00),
    });
    expect(card.violations).toEqual(['card: 00200001', 'card: 80b0000001']);
    expect(sam.violations).toEqual(['SAM: 00fa0000']);
  });

  it('keep the biodata from whoever did not authenticate', async () => {
    const { card } = bench();
    const channel = channelTo(card);
    await channel.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x7f, 0x0a));
    await channel.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x6f, 0xf1));
    const answer = await channel.transmit(Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x10));
    expect(answer.ok && parseAnswer(answer.value)).toEqual({
      data: new Uint8Array(),
      sw: 0x6982,
    });
  });

  it('never put the biodata on the wire in clear', async () => {
    const { card, read } = bench();
    const seen: Buffer[] = [];
    const channel = channelTo(card);
    const listening: CardChannel = {
      async transmit(apdu) {
        const answer = await channel.transmit(apdu);
        if (answer.ok) seen.push(Buffer.from(answer.value));
        return answer;
      },
    };
    expect((await read({ card: listening })).ok).toBe(true);
    expect(Buffer.concat(seen).includes(siti.nik)).toBe(false);
    expect(Buffer.concat(seen).includes('SPESIMEN')).toBe(true);
  });
});
