import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { AudioCapabilities, AudioOutput } from '../../drivers/contract/audio.ts';
import type { Driver, Params } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

/** A voice with all its outputs there, started, and somebody who listens at each of them. */
export interface AudioRig {
  readonly driver: Driver<'audio'>;
  readonly events: EventLog<'audio'>;
  /** Completes when something was heard from that output since it last was asked; most is still to come. */
  hearSome(output: AudioOutput): Promise<void>;
  /** From now on all is listened to, to its end. */
  hearAll(): Promise<void>;
  /** How much was heard from that output, in a unit of the rig's own, with all that is still in the air. */
  heard(output: AudioOutput): Promise<number>;
  /** The output goes away; what looks for it will not find it. */
  unplug(output: AudioOutput): Promise<void>;
  plug(output: AudioOutput): Promise<void>;
  stop(): Promise<void>;
}

type AudioCase = Case<AudioRig>;

/** Half a minute of a voice: what is cut off early is far from its end. */
const LONG = Array.from({ length: 25 }, () => 'satu dua tiga').join(' ');
const SHORT = 'Silakan ambil kartu Anda';

type Speak = Params<'audio', 'speak'>;
const words = (utteranceId: string, changes: Partial<Speak> = {}): Speak => ({
  utteranceId,
  text: SHORT,
  language: 'id',
  output: 'loudspeaker',
  volumePercent: 100,
  wordsPerMinute: 160,
  ...changes,
});

const speak = async (rig: AudioRig, said: Speak): Promise<void> => {
  valueOf(await checked(rig.driver).speak(said));
};
const status = async (rig: AudioRig) => valueOf(await checked(rig.driver).getStatus({}));
const ended = (rig: AudioRig, utteranceId: string): Promise<void> =>
  rig.events.heard('speechEnded', (end) => end.utteranceId === utteranceId);
const ends = (rig: AudioRig): unknown[] => rig.events.named('speechEnded');

const always: readonly AudioCase[] = [
  {
    title: 'is online and says nothing once it was found',
    prove: async (rig) => {
      expect(await status(rig)).toMatchObject({ state: 'online', reasons: [], speaking: false });
    },
  },
  {
    title: 'completes speaking when the voice has begun, and ends it once, as spoken',
    prove: async (rig) => {
      await speak(rig, words('one', { text: LONG }));
      await nextTurn();
      expect(await status(rig)).toMatchObject({ speaking: true });
      expect(ends(rig)).toEqual([]);
      await rig.hearAll();
      await ended(rig, 'one');
      expect(await status(rig)).toMatchObject({ state: 'online', speaking: false });
      expect(await rig.heard('loudspeaker')).toBeGreaterThan(0);
      expect(ends(rig)).toEqual([{ utteranceId: 'one', how: 'spoken' }]);
    },
  },
  {
    title: 'never ends an utterance before its speaking has completed',
    prove: async (rig) => {
      await rig.hearAll();
      const order: string[] = [];
      const over = ended(rig, 'a').then(() => order.push('ended'));
      await checked(rig.driver)
        .speak(words('a', { text: 'a' }))
        .then(() => order.push('completed'));
      await rig.hearAll();
      await over;
      expect(order).toEqual(['completed', 'ended']);
    },
  },
  {
    title: 'says every word of one text after the other',
    prove: async (rig) => {
      await rig.hearAll();
      await speak(rig, words('one'));
      await rig.hearAll();
      await ended(rig, 'one');
      const once = await rig.heard('loudspeaker');
      await speak(rig, words('two'));
      await rig.hearAll();
      await ended(rig, 'two');
      expect(await rig.heard('loudspeaker')).toBe(2 * once);
    },
  },
  {
    title: 'cuts off what is being said for what is said next',
    prove: async (rig) => {
      await speak(rig, words('old', { text: LONG }));
      await rig.hearSome('loudspeaker');
      await speak(rig, words('new'));
      expect(ends(rig)).toEqual([{ utteranceId: 'old', how: 'cutOff' }]);
      await rig.hearAll();
      await ended(rig, 'new');
      expect(ends(rig)).toEqual([
        { utteranceId: 'old', how: 'cutOff' },
        { utteranceId: 'new', how: 'spoken' },
      ]);
    },
  },
  {
    title: 'silences at once: most of a long text is never heard',
    prove: async (rig) => {
      await speak(rig, words('cut', { text: LONG }));
      await rig.hearSome('loudspeaker');
      expect(await checked(rig.driver).silence({})).toEqual({ ok: true, value: {} });
      expect(ends(rig)).toEqual([{ utteranceId: 'cut', how: 'cutOff' }]);
      expect(await status(rig)).toMatchObject({ speaking: false });
      await rig.hearAll();
      const cut = await rig.heard('loudspeaker');
      await speak(rig, words('whole', { text: LONG }));
      await rig.hearAll();
      await ended(rig, 'whole');
      expect(cut * 2).toBeLessThan((await rig.heard('loudspeaker')) - cut);
    },
  },
  {
    title: 'finds no fault in silencing silence',
    prove: async (rig) => {
      expect(await checked(rig.driver).silence({})).toEqual({ ok: true, value: {} });
      expect(rig.events.named('speechEnded')).toEqual([]);
    },
  },
  {
    title: 'cuts off what is being said when it is stopped, and says nothing more',
    prove: async (rig) => {
      await speak(rig, words('last', { text: LONG }));
      await rig.driver.stop();
      expect(ends(rig)).toEqual([{ utteranceId: 'last', how: 'cutOff' }]);
      rig.events.forget();
      await rig.hearAll();
      await rig.unplug('loudspeaker');
      expect(rig.events.all).toEqual([]);
    },
  },
  {
    title: 'fails the utterance of an output that vanishes, says why, and speaks when it is back',
    prove: async (rig) => {
      await speak(rig, words('lost', { text: LONG }));
      await rig.hearSome('loudspeaker');
      await rig.unplug('loudspeaker');
      await ended(rig, 'lost');
      expect(ends(rig)).toEqual([{ utteranceId: 'lost', how: 'failed' }]);
      const { reasons, requiredAction } = await status(rig);
      expect(reasons.join(' ')).toMatch(/loudspeaker\.(absent|broken)/);
      expect(requiredAction).toBe('maintenance');
      expect(await checked(rig.driver).speak(words('unheard'))).toMatchObject({
        ok: false,
        error: { kind: 'notReady' },
      });
      rig.events.forget();
      await rig.plug('loudspeaker');
      await rig.events.heard('statusChanged', (told) => told.reasons.length === 0);
      await speak(rig, words('again'));
      await rig.hearAll();
      await ended(rig, 'again');
      expect(ends(rig)).toEqual([{ utteranceId: 'again', how: 'spoken' }]);
    },
  },
];

const withHeadset: readonly AudioCase[] = [
  {
    title: 'never lets the loudspeaker sound what goes to the headset',
    prove: async (rig) => {
      await speak(rig, words('private', { output: 'headset' }));
      await rig.hearAll();
      await ended(rig, 'private');
      expect(await rig.heard('headset')).toBeGreaterThan(0);
      expect(await rig.heard('loudspeaker')).toBe(0);
    },
  },
  {
    title:
      'says nothing from the loudspeaker where the headset is away, and goes on with the other',
    prove: async (rig) => {
      await speak(rig, words('private', { output: 'headset', text: LONG }));
      await rig.hearSome('headset');
      await rig.unplug('headset');
      await ended(rig, 'private');
      const answer = await checked(rig.driver).speak(words('refused', { output: 'headset' }));
      expect(answer).toMatchObject({ ok: false, error: { kind: 'notReady' } });
      await rig.hearAll();
      expect(await rig.heard('loudspeaker')).toBe(0);
      expect(await status(rig)).toMatchObject({ state: 'online' });
      await speak(rig, words('aloud'));
      await rig.hearAll();
      await ended(rig, 'aloud');
      expect(await rig.heard('loudspeaker')).toBeGreaterThan(0);
    },
  },
];

const withoutHeadset: AudioCase = {
  title: 'refuses private words where no headset is fitted: nothing sounds',
  prove: async (rig) => {
    const answer = await checked(rig.driver).speak(words('private', { output: 'headset' }));
    expect(answer).toEqual({ ok: false, error: { kind: 'commandError', errorCode: 'notFitted' } });
    await rig.hearAll();
    expect(await rig.heard('loudspeaker')).toBe(0);
    expect(rig.events.named('speechEnded')).toEqual([]);
  },
};

const withoutEnglish: AudioCase = {
  title: 'refuses a language that it has no voice of: nothing sounds',
  prove: async (rig) => {
    const answer = await checked(rig.driver).speak(words('foreign', { language: 'en' }));
    expect(answer).toEqual({ ok: false, error: { kind: 'commandError', errorCode: 'notFitted' } });
    await rig.hearAll();
    expect(await rig.heard('loudspeaker')).toBe(0);
  },
};

/** What is asked of a device with these capabilities. */
export function audioCases(capabilities: AudioCapabilities): readonly AudioCase[] {
  const { outputs, languages } = capabilities;
  const claims: AudioCase = {
    title: 'claims the capabilities it is tested for',
    prove: async (rig) => {
      expect(valueOf(await checked(rig.driver).getCapabilities({}))).toEqual(capabilities);
    },
  };
  const inEach = languages.map((language): AudioCase => ({
    title: `has a voice for ${language}`,
    prove: async (rig) => {
      await speak(rig, words('said', { language, text: 'Terminal 2026' }));
      await rig.hearAll();
      await ended(rig, 'said');
      expect(ends(rig)).toEqual([{ utteranceId: 'said', how: 'spoken' }]);
      expect(await rig.heard('loudspeaker')).toBeGreaterThan(0);
    },
  }));
  const headset = outputs.includes('headset');
  return [
    claims,
    ...always,
    ...inEach,
    ...withHeadset.map((one) => ({ ...one, where: headset })),
    { ...withoutHeadset, where: !headset },
    { ...withoutEnglish, where: !languages.includes('en') },
  ];
}

export function audioConformance(
  name: string,
  capabilities: AudioCapabilities,
  setUp: () => Promise<AudioRig>,
): void {
  eachOnItsOwn(`${name} as a voice`, audioCases(capabilities), setUp);
}
