import { afterEach, describe, expect, it } from '@jest/globals';
import { audioFactory, audioOptionsSchema, BEGIN_MS } from '../../../drivers/audio/driver.ts';
import { LOOK_EVERY_MS } from '../../../drivers/audio/outputs.ts';
import { longestSpeechMs } from '../../../drivers/audio/protocol.ts';
import { SimulatedSpeech } from '../../../drivers/audio/simulator.ts';
import type { CommandResult } from '../../../drivers/contract/driver.ts';
import { EAR, ROOM, simulatedVoiceRig, type SimulatedVoiceRig } from './simulated-voice-rig.ts';

const SPEAK = {
  utteranceId: 'u',
  text: 'satu dua tiga',
  language: 'id',
  output: 'loudspeaker',
  volumePercent: 100,
  wordsPerMinute: 160,
} as const;

let rig: SimulatedVoiceRig;
const speak = (changes: object = {}): Promise<CommandResult<'audio', 'speak'>> =>
  rig.driver.handlers.speak({ ...SPEAK, ...changes });
const told = (): unknown => rig.events.named('statusChanged').at(-1);
const ends = (): unknown[] => rig.events.named('speechEnded');

afterEach(() => rig.stop());

describe('a voice whose outputs and programs are not all there', () => {
  it('is noDevice while a program is missing, names its package, and finds it once installed', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.missing({ kind: 'missingProgram', program: 'aplay' });
    rig.clock.advance(LOOK_EVERY_MS);
    await rig.events.heard('statusChanged', ({ state }) => state === 'noDevice');
    expect(told()).toEqual({
      state: 'noDevice',
      reasons: ['missingProgram.aplay', 'debianPackage.alsa-utils'],
      requiredAction: 'configuration',
    });
    rig.speech.missing(null);
    rig.events.forget();
    rig.clock.advance(250);
    await rig.events.heard('statusChanged', ({ reasons }) => reasons.length === 0);
  });

  it('notices an output that was pulled out while nothing was said', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.fail(EAR);
    rig.clock.advance(LOOK_EVERY_MS);
    await rig.events.heard('statusChanged', ({ reasons }) => reasons.includes('headset.absent'));
    expect(told()).toEqual({
      state: 'online',
      reasons: ['headset.absent'],
      requiredAction: 'maintenance',
    });
  });

  it('is off when no output is left, and says of each why', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.fail(ROOM, { kind: 'inUse' });
    rig.speech.fail(EAR, { kind: 'refused' });
    rig.clock.advance(LOOK_EVERY_MS);
    await rig.events.heard('statusChanged', ({ state }) => state === 'powerOff');
    expect(told()).toMatchObject({ reasons: ['loudspeaker.inUse', 'headset.refused'] });
  });

  it('tells no passing state of an output that was not looked for yet', async () => {
    rig = await simulatedVoiceRig();
    expect(rig.events.named('statusChanged')).toEqual([
      { state: 'online', reasons: [], requiredAction: 'none' },
    ]);
  });

  it('does not say what it can do before it knows its voices', async () => {
    const speech = new SimulatedSpeech([ROOM, EAR]);
    speech.missing({ kind: 'missingProgram', program: 'espeak-ng' });
    rig = await simulatedVoiceRig({ speech });
    expect(await rig.driver.handlers.getCapabilities({})).toMatchObject({
      error: { kind: 'notReady' },
    });
    speech.missing(null);
    rig.events.forget();
    rig.clock.advance(250);
    await rig.events.heard('statusChanged', ({ reasons }) => reasons.length === 0);
    expect(await rig.driver.handlers.getCapabilities({})).toMatchObject({
      value: { languages: ['id', 'en'] },
    });
  });

  it('says which voice is missing and claims no such language', async () => {
    rig = await simulatedVoiceRig({ voices: ['id'] });
    expect(told()).toMatchObject({ state: 'online', reasons: ['noVoice.en'] });
    expect(await rig.driver.handlers.getCapabilities({})).toMatchObject({
      value: { languages: ['id'] },
    });
    expect(await speak({ language: 'en' })).toMatchObject({ error: { errorCode: 'notFitted' } });
  });
});

describe('a voice that goes wrong', () => {
  it('gives up an output that never takes the sound, without an end of what never began', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.arm('neverBegins');
    const answer = speak();
    await Promise.resolve();
    while (rig.clock.pending < 3) await Promise.resolve();
    rig.clock.advance(BEGIN_MS);
    expect(await answer).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(told()).toMatchObject({ reasons: ['loudspeaker.silent'] });
    expect(ends()).toEqual([]);
  });

  it('ends as failed what has taken longer than any voice could', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.arm('neverEnds');
    await speak();
    rig.speech.play();
    const words = { ...SPEAK, voice: 'id', amplitude: 100, output: ROOM };
    rig.clock.advance(longestSpeechMs(words) - 1);
    expect(ends()).toEqual([]);
    rig.clock.advance(1);
    await rig.events.heard('speechEnded');
    expect(ends()).toEqual([{ utteranceId: 'u', how: 'failed' }]);
    expect(told()).toMatchObject({ reasons: ['loudspeaker.silent'] });
  });

  it('says that a voice failed, leaves its output alone, and takes it back with the next good one', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.arm('synthesiserFails');
    await speak();
    rig.speech.play();
    await rig.events.heard('speechEnded', ({ how }) => how === 'failed');
    expect(told()).toEqual({
      state: 'online',
      reasons: ['synthesiserFailed'],
      requiredAction: 'none',
    });
    await speak({ utteranceId: 'next' });
    rig.speech.play();
    await rig.events.heard('speechEnded', ({ how }) => how === 'spoken');
    expect(told()).toMatchObject({ reasons: [] });
  });

  it('ends an utterance once, though it comes to its end as it is cut off', async () => {
    rig = await simulatedVoiceRig();
    await speak();
    rig.speech.play();
    await rig.driver.handlers.silence({});
    await new Promise(setImmediate);
    expect(ends()).toEqual([{ utteranceId: 'u', how: 'spoken' }]);
  });

  it('refuses what is asked of an output that went away unnoticed, and notices it', async () => {
    rig = await simulatedVoiceRig();
    rig.speech.fail(ROOM);
    expect(await speak()).toEqual({ ok: false, error: { kind: 'notReady', reason: 'absent' } });
    expect(told()).toMatchObject({ reasons: ['loudspeaker.absent'] });
    expect(ends()).toEqual([]);
  });

  it('is silent once it was stopped, though the voice was about to begin', async () => {
    rig = await simulatedVoiceRig();
    const begun = speak();
    await rig.driver.stop();
    expect(await begun).toMatchObject({ ok: true });
    expect(ends()).toEqual([{ utteranceId: 'u', how: 'cutOff' }]);
  });

  it('has no timer left once it was stopped', async () => {
    rig = await simulatedVoiceRig();
    await speak();
    await rig.driver.stop();
    expect(rig.clock.pending).toBe(0);
  });
});

describe('the options of a voice', () => {
  it.each([
    [{}, 'loudspeaker or headset must be given'],
    [{ loudspeaker: 'default', headset: 'default' }, 'must not be the same output'],
    [{ loudspeaker: '--help' }, 'loudspeaker'],
    [{ loudspeaker: 'default', volume: 3 }, 'volume'],
  ])('refuse %j', (options, why) => {
    expect(audioOptionsSchema.safeParse(options).error?.message).toContain(why);
  });

  it('belong to a driver of real things', () => {
    expect(audioFactory.real).toBe(true);
  });
});
