import { makeAudioFactory, audioOptionsSchema } from '../../../drivers/audio/driver.ts';
import { SimulatedSpeech } from '../../../drivers/audio/simulator.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import type { AudioRig } from '../../conformance/audio-suite.ts';
import { EventLog } from '../cabinet/event-log.ts';

export const ROOM = 'room';
export const EAR = 'ear';

export interface SimulatedVoiceRig extends AudioRig {
  readonly clock: FakeClock;
  readonly speech: SimulatedSpeech;
}

/** The driver on a simulated voice, started. Another simulator may be given: a mutant. */
export async function simulatedVoiceRig({
  options = {},
  voices = ['id', 'en-gb'],
  speech = new SimulatedSpeech([ROOM, EAR], voices),
}: {
  options?: object;
  voices?: readonly string[];
  speech?: SimulatedSpeech;
} = {}): Promise<SimulatedVoiceRig> {
  const clock = new FakeClock();
  const events = new EventLog<'audio'>();
  const driver = makeAudioFactory({ clock, speechOf: () => speech }).create(
    audioOptionsSchema.parse({ loudspeaker: ROOM, headset: EAR, ...options }),
    events.emit,
  );
  await driver.start();
  const deviceOf = { loudspeaker: ROOM, headset: EAR };
  return {
    driver,
    events,
    clock,
    speech,
    hearSome: () => {
      speech.play(2);
      return Promise.resolve();
    },
    hearAll: () => {
      speech.play();
      return Promise.resolve();
    },
    heard: (output) => Promise.resolve(speech.heardFrom(deviceOf[output]).length),
    unplug: (output) => {
      speech.fail(deviceOf[output]);
      return Promise.resolve();
    },
    plug: (output) => {
      speech.mend(deviceOf[output]);
      clock.advance(10_000);
      return Promise.resolve();
    },
    stop: () => driver.stop(),
  };
}
