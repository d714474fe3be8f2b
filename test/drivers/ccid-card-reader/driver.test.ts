import { afterEach, describe, expect, it } from '@jest/globals';
import type {
  CcidPairState,
  CcidReaderPair,
} from '../../../drivers/ccid-card-reader/reader-pair.ts';
import type { ReaderFault, SimulatedCard } from '../../../drivers/ccid-card-reader/simulator.ts';
import { SimulatedCcidReader } from '../../../drivers/ccid-card-reader/simulator.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { ccidRig, type CcidRigOptions } from './ccid-rig.ts';

/** Answers each command with the command itself and a status word, so that every byte of both is seen. */
class EchoCard implements SimulatedCard {
  readonly atr = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
  resets = 0;
  reset(): void {
    this.resets += 1;
  }
  transmit(apdu: Uint8Array) {
    return { kind: 'answer' as const, bytes: Buffer.concat([apdu, Buffer.of(0x90, 0x00)]) };
  }
}

const CHALLENGE = Buffer.from('0084000008', 'hex');
const ECHOED = Buffer.from('00840000089000', 'hex');

const running = new Map<CcidReaderPair, FakeClock>();

/** A started driver with an echoing card in the slot, on a clock that moves only when told to. */
async function on(options: CcidRigOptions = {}) {
  const clock = new FakeClock();
  const rig = ccidRig({ clock, ...options });
  const card = new EchoCard();
  rig.reader.put(0, card);
  const states: CcidPairState[] = [];
  rig.pair.events.on('changed', (state) => states.push(state));
  running.set(rig.pair, clock);
  await passing(clock, rig.pair.start());
  return { ...rig, clock, card, states };
}

/** Lets time pass, a little at a time, until the work is done. */
async function passing<T>(clock: FakeClock, work: Promise<T>, stepMs = 20): Promise<T> {
  const ended = { is: false };
  const settled = work.finally(() => (ended.is = true));
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (ended.is) return settled;
    clock.advance(stepMs);
  }
}

async function opened(rig: Awaited<ReturnType<typeof on>>) {
  const channel = await passing(rig.clock, rig.pair.openCard());
  if (!channel.ok) throw new Error(channel.error.kind);
  return channel.value;
}

async function until(clock: FakeClock, holds: () => boolean): Promise<void> {
  for (let step = 0; !holds(); step++) {
    if (step > 2_000) throw new Error('it never came');
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(20);
  }
}

afterEach(async () => {
  for (const [pair, clock] of running) await passing(clock, pair.stop());
  running.clear();
});

describe('a channel over raw CCID', () => {
  it.each(['shortApdu', 'extendedApdu'] as const)(
    'carries a command at the level %s',
    async (level) => {
      const rig = await on({ reader: { level } });
      const channel = await opened(rig);
      const answer = await passing(rig.clock, channel.transmit(CHALLENGE));
      expect(answer).toEqual({ ok: true, value: ECHOED });
      expect(rig.reader.violations).toEqual([]);
    },
  );

  it('carries commands and answers in chains of blocks, of whatever length', async () => {
    const rig = await on({ reader: { maxMessageBytes: 74 } });
    const channel = await opened(rig);
    for (const length of [1, 62, 63, 64, 65, 126, 127, 128, 129, 400, 5_000]) {
      const apdu = Buffer.alloc(length, length);
      const answer = await passing(rig.clock, channel.transmit(apdu));
      expect(answer).toEqual({ ok: true, value: Buffer.concat([apdu, Buffer.of(0x90, 0)]) });
    }
    expect(rig.reader.violations).toEqual([]);
  });

  it('is given to one at a time, and the card power anew for each', async () => {
    const rig = await on();
    const before = rig.card.resets;
    const channel = await opened(rig);
    expect(await rig.pair.openCard()).toEqual({ ok: false, error: { kind: 'inUse' } });
    await passing(rig.clock, channel.close());
    expect(rig.reader.slots[0]?.isPowered).toBe(false);
    await opened(rig);
    expect(rig.card.resets).toBeGreaterThan(before + 1);
  });

  it('refuses a command that the reader has no room for, and sends nothing of it', async () => {
    const rig = await on({ reader: { level: 'shortApdu' } });
    const channel = await opened(rig);
    const sent = rig.reader.requests.length;
    expect(await channel.transmit(Buffer.alloc(300))).toEqual({
      ok: false,
      error: { kind: 'readerFailed', reason: 'commandTooLong' },
    });
    expect(rig.reader.requests.slice(sent)).toEqual([]);
  });

  it('tries the powers that the reader has, from the lowest, until the card answers', async () => {
    const rig = await on({ reader: { voltages: [1] } });
    await until(rig.clock, () => rig.pair.state().card === 'present');
    const channel = await opened(rig);
    expect((await passing(rig.clock, channel.transmit(CHALLENGE))).ok).toBe(true);
    expect(rig.reader.violations).toEqual([]);
  });

  it('is refused for a card whose first protocol a reader at TPDU level leaves to us', async () => {
    const rig = await on({ reader: { level: 'tpdu' } });
    rig.reader.put(
      0,
      new (class extends EchoCard {
        override readonly atr = Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
      })(),
    );
    await until(rig.clock, () => rig.states.at(-2)?.card === 'empty');
    await until(rig.clock, () => rig.pair.state().card === 'present');
    const error = { kind: 'readerFailed', reason: 'protocolUnsupported' };
    expect(await passing(rig.clock, rig.pair.openCard())).toEqual({ ok: false, error });
  });
});

describe('an answer over raw CCID', () => {
  it.each(['lateOneFirst', 'otherSlotFirst'] as const)(
    'is not taken from a stray (%s)',
    async (fault) => {
      const rig = await on();
      const channel = await opened(rig);
      rig.reader.strike('block', fault);
      expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
        ok: true,
        value: ECHOED,
      });
      expect(rig.pair.state().trouble).toBeNull();
    },
  );

  it('is waited for as long as the reader asks, by its multiplier', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    rig.reader.extend(1, 2);
    const begunMs = rig.clock.monotonicMs();
    const answering = channel.transmit(CHALLENGE);
    await until(rig.clock, () => rig.clock.monotonicMs() - begunMs >= 9_500);
    rig.bus.release();
    expect(await passing(rig.clock, answering)).toEqual({ ok: true, value: ECHOED });
  });

  it('is not waited for any longer than twelve seconds, whatever the reader asks', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    rig.reader.extend(...Array.from({ length: 40 }, () => 255));
    const begunMs = rig.clock.monotonicMs();
    expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
      ok: false,
      error: { kind: 'cardSilent' },
    });
    const tookMs = rig.clock.monotonicMs() - begunMs;
    expect(tookMs).toBeGreaterThanOrEqual(12_000);
    expect(tookMs).toBeLessThan(13_000);
  });

  it('that never comes is given up after five seconds, and the slot takes the next command', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    const begunMs = rig.clock.monotonicMs();
    expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
      ok: false,
      error: { kind: 'cardSilent' },
    });
    const tookMs = rig.clock.monotonicMs() - begunMs;
    expect(tookMs).toBeGreaterThanOrEqual(5_000);
    expect(tookMs).toBeLessThan(6_000);
    await passing(rig.clock, channel.close());
    rig.bus.release();
    const next = await opened(rig);
    expect(await passing(rig.clock, next.transmit(CHALLENGE))).toEqual({ ok: true, value: ECHOED });
    expect(rig.reader.violations).toEqual([]);
  });

  it('that never comes from a reader that cannot be stopped puts the reader out of service', async () => {
    const rig = await on({ reader: { cannotAbort: true } });
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
      ok: false,
      error: { kind: 'readerFailed', reason: 'stuck' },
    });
    expect(rig.states.map(({ trouble }) => trouble?.reasons)).toContainEqual([
      'readerFailed.stuck',
    ]);
  });

  it('that never comes, from a reader that refuses the abort, costs the card and not the reader', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    rig.reader.refuse('abort');
    expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
      ok: false,
      error: { kind: 'cardSilent' },
    });
  });

  it('of a card that keeps its power after its channel was closed puts the reader out of service', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.refuse('powerOff');
    await passing(rig.clock, channel.close());
    expect(rig.states.map(({ trouble }) => trouble?.reasons)).toContainEqual([
      'readerFailed.stillPowered',
    ]);
  });

  it('of a card that has left is none, even where the reader calls the command done', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'doneWithoutCard');
    const answer = await passing(rig.clock, channel.transmit(CHALLENGE));
    expect(answer).toEqual({ ok: false, error: { kind: 'cardRemoved' } });
  });

  it('of several packets that breaks off is no answer', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'cut');
    expect(await passing(rig.clock, channel.transmit(Buffer.alloc(150)))).toEqual({
      ok: false,
      error: { kind: 'readerFailed', reason: 'cut' },
    });
  });

  const named: readonly (readonly [ReaderFault, string])[] = [
    ['cut', 'cut'],
    ['garbage', 'tooLong'],
    ['lengthLies', 'cut'],
    ['tooLong', 'tooLong'],
    ['endless', 'tooLong'],
    ['otherKind', 'otherAnswer'],
    ['reservedStatus', 'reservedStatus'],
  ];
  it.each(named)(
    'that is wrong (%s) is an error by name (%s), and the reader out of service until it is opened anew',
    async (fault, reason) => {
      const rig = await on();
      const channel = await opened(rig);
      rig.reader.strike('block', fault);
      expect(await passing(rig.clock, channel.transmit(CHALLENGE))).toEqual({
        ok: false,
        error: { kind: 'readerFailed', reason },
      });
      expect(rig.pair.state()).toMatchObject({
        card: 'absent',
        trouble: { state: 'hardwareError', reasons: [`readerFailed.${reason}`] },
      });
      await until(rig.clock, () => rig.pair.state().trouble === null);
      const next = await opened(rig);
      expect((await passing(rig.clock, next.transmit(CHALLENGE))).ok).toBe(true);
    },
  );
});

describe('a card over raw CCID', () => {
  it('that is swapped between two looks is told as gone and come, and takes its channel with it', async () => {
    const rig = await on();
    await until(rig.clock, () => rig.pair.state().card === 'present');
    const channel = await opened(rig);
    const before = rig.states.length;
    rig.reader.put(0, new EchoCard());
    await until(rig.clock, () => rig.states.length > before + 1);
    expect(rig.states.slice(before).map(({ card }) => card)).toEqual(['empty', 'present']);
    expect(await channel.transmit(CHALLENGE)).toEqual({
      ok: false,
      error: { kind: 'cardRemoved' },
    });
  });

  it('that was there before the pipe told of it is not told twice', async () => {
    const rig = await on();
    const stopMs = rig.clock.monotonicMs() + 5_000;
    await until(rig.clock, () => rig.clock.monotonicMs() > stopMs);
    expect(rig.states.map(({ card }) => card)).toEqual(['present', 'present']);
  });

  it('that does not answer to reset is mute', async () => {
    const rig = await on({ reader: { voltages: [] } });
    expect(rig.pair.state().card).toBe('mute');
  });
});

describe('a raw CCID reader', () => {
  it('is away while it is not plugged in, and found when it is', async () => {
    const rig = await on();
    rig.bus.unplug();
    await until(rig.clock, () => rig.pair.state().trouble !== null);
    expect(rig.pair.state()).toMatchObject({
      trouble: { state: 'powerOff', reasons: ['unplugged'], requiredAction: 'maintenance' },
      card: 'absent',
    });
    rig.bus.plug({ reader: rig.reader });
    await until(rig.clock, () => rig.pair.state().trouble === null);
    expect(rig.pair.state().card).toBe('present');
  });

  it('that is pulled out in mid-command ends the command at once', async () => {
    const rig = await on();
    const channel = await opened(rig);
    rig.reader.strike('block', 'withheld');
    const begunMs = rig.clock.monotonicMs();
    const answering = channel.transmit(CHALLENGE);
    await new Promise((resolve) => setImmediate(resolve));
    rig.bus.unplug();
    expect(await answering).toEqual({ ok: false, error: { kind: 'readerGone' } });
    expect(rig.clock.monotonicMs()).toBe(begunMs);
    expect(await channel.transmit(CHALLENGE)).toEqual({ ok: false, error: { kind: 'readerGone' } });
  });

  it.each([
    ['held by another, who is named', { plugged: { heldBy: 'pcscd' } }, 'heldBy.pcscd'],
    [
      'at a level that it does not speak',
      { reader: { level: 'character' } },
      'exchangeLevelUnsupported',
    ],
    ['without the slot that is asked for', { options: { cardSlot: 1 } }, 'noSuchSlot'],
  ] as const)('is not used where it is %s', async (_, options, reason) => {
    const rig = await on(options);
    expect(rig.pair.state().trouble).toEqual({
      state: 'userError',
      reasons: [reason],
      requiredAction: 'configuration',
    });
    expect(rig.bus.isOpen()).toBe(false);
  });

  it('is away on a machine without a USB, and says so', async () => {
    const clock = new FakeClock();
    const rig = ccidRig({ clock });
    rig.bus.isMissing = true;
    await passing(clock, rig.pair.start());
    expect(rig.pair.state().trouble).toEqual({
      state: 'powerOff',
      reasons: ['noBus'],
      requiredAction: 'maintenance',
    });
    await passing(clock, rig.pair.stop());
  });

  it('is one of two alike where neither serial number nor port is given, and neither is opened', async () => {
    const clock = new FakeClock();
    const rig = ccidRig({ clock, plugged: { serialNumber: 'A' } });
    rig.bus.plug({ reader: new SimulatedCcidReader(), serialNumber: 'B', port: '1-2' });
    await passing(clock, rig.pair.start());
    expect(rig.pair.state().trouble?.reasons).toEqual(['twoAlike']);
    expect([rig.bus.isOpen('1-1'), rig.bus.isOpen('1-2')]).toEqual([false, false]);
    await passing(clock, rig.pair.stop());
  });

  it.each([[{ serialNumber: 'B' }], [{ port: '1-2' }]])(
    'is told from another by %j',
    async (reader) => {
      const clock = new FakeClock();
      const rig = ccidRig({ clock, plugged: { serialNumber: 'A' }, options: { reader } });
      rig.bus.plug({ reader: new SimulatedCcidReader(), serialNumber: 'B', port: '1-2' });
      await passing(clock, rig.pair.start());
      expect([rig.bus.isOpen('1-1'), rig.bus.isOpen('1-2')]).toEqual([false, true]);
      await passing(clock, rig.pair.stop());
      expect(rig.bus.isOpen('1-2')).toBe(false);
    },
  );

  it('lets go of everything when it is stopped, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const rig = ccidRig({ clock });
    await passing(clock, rig.pair.start());
    await passing(clock, rig.pair.stop());
    expect(rig.bus.isOpen()).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
