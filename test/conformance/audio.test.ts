import { audioFactory, audioOptionsSchema } from '../../drivers/audio/driver.ts';
import { AlsaRoom } from '../drivers/audio/alsa-room.ts';
import { simulatedVoiceRig } from '../drivers/audio/simulated-voice-rig.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import { audioConformance, type AudioRig } from './audio-suite.ts';

async function onAlsa(options: object): Promise<AudioRig> {
  const room = new AlsaRoom();
  const events = new EventLog<'audio'>();
  const driver = audioFactory.create(
    audioOptionsSchema.parse({ alsaConfigPath: room.configPath, ...options }),
    events.emit,
  );
  await driver.start();
  return {
    driver,
    events,
    hearSome: (output) => room.hearSome(output),
    hearAll: () => room.hearAll(),
    heard: (output) => room.heard(output),
    unplug: (output) => room.unplug(output),
    plug: (output) => room.plug(output),
    stop: async () => {
      await driver.stop();
      await room.leave();
    },
  };
}

audioConformance(
  'espeak-ng and aplay with loudspeaker and headset',
  { outputs: ['loudspeaker', 'headset'], languages: ['id', 'en'] },
  () => onAlsa({ loudspeaker: 'room', headset: 'ear' }),
);

audioConformance(
  'the simulated voice with loudspeaker and headset',
  { outputs: ['loudspeaker', 'headset'], languages: ['id', 'en'] },
  () => simulatedVoiceRig(),
);

audioConformance(
  'the simulated voice with a loudspeaker and no English',
  { outputs: ['loudspeaker'], languages: ['id'] },
  () => simulatedVoiceRig({ options: { headset: null, voices: { en: null } } }),
);
