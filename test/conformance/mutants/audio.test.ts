import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AudioCapabilities } from '../../../drivers/contract/audio.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import type { Words } from '../../../drivers/audio/protocol.ts';
import { SimulatedSpeech } from '../../../drivers/audio/simulator.ts';
import type { Utterance } from '../../../drivers/audio/transport.ts';
import {
  EAR,
  ROOM,
  simulatedVoiceRig,
  type SimulatedVoiceRig,
} from '../../drivers/audio/simulated-voice-rig.ts';
import { audioCases, type AudioRig } from '../audio-suite.ts';
import { driverWith, proveSuite, saying, type Mutant, type Subject } from './proved.ts';

type Handlers = CommandHandlers<'audio'>;

interface VoiceMutant extends Mutant {
  readonly Voice?: typeof SimulatedSpeech;
  readonly wrong?: (right: Handlers, rig: SimulatedVoiceRig) => Partial<Handlers>;
  readonly deafToStop?: true;
}

/** Says everything from the loudspeaker as well. */
class LeakingVoice extends SimulatedSpeech {
  override heardFrom(output: string): readonly string[] {
    return output === ROOM
      ? [...super.heardFrom(ROOM), ...super.heardFrom(EAR)]
      : super.heardFrom(output);
  }
}

/** Plays on to the end of the text before it lets itself be cut off. */
class DeafVoice extends SimulatedSpeech {
  override say(words: Words): Utterance {
    const utterance = super.say(words);
    const cutOff = (): Promise<void> => {
      this.play();
      return utterance.cutOff();
    };
    return { ...utterance, cutOff };
  }
}

/** Says that the whole text was spoken, whatever became of it. */
class BoastingVoice extends SimulatedSpeech {
  override say(words: Words): Utterance {
    const utterance = super.say(words);
    return { ...utterance, ended: utterance.ended.then(() => ({ kind: 'spoken' })) };
  }
}

/** Says each text as it began the first time. */
class ForgetfulVoice extends SimulatedSpeech {
  #first: Words | null = null;

  override say(words: Words): Utterance {
    this.#first ??= words;
    return super.say({ ...words, text: words === this.#first ? words.text : 'satu' });
  }
}

/** Claims to have begun when all was said. */
class LateVoice extends SimulatedSpeech {
  override say(words: Words): Utterance {
    const utterance = super.say(words);
    setImmediate(() => this.play());
    return { ...utterance, begun: utterance.ended.then(() => true) };
  }
}

/** Has no voice that can be heard. */
class MuteVoice extends SimulatedSpeech {
  override say(words: Words): Utterance {
    return super.say({ ...words, text: ' ' });
  }
}

/** What cannot be said privately it says aloud. */
const aloudInstead = (right: Handlers): Partial<Handlers> => ({
  speak: async (words) => {
    const answer = await right.speak(words);
    return answer.ok ? answer : right.speak({ ...words, output: 'loudspeaker' });
  },
});

const mutants: readonly VoiceMutant[] = [
  {
    is: 'claims no headset and has one',
    noticedBy: ['claims the capabilities'],
    wrong: saying<'audio'>()('getCapabilities', (told) => ({ ...told, outputs: ['loudspeaker'] })),
  },
  {
    is: 'says that it speaks while nothing sounds',
    noticedBy: ['is online and says nothing'],
    wrong: saying<'audio'>()('getStatus', (told) => ({ ...told, speaking: true })),
  },
  {
    is: 'claims to have begun when all was said',
    noticedBy: ['completes speaking when the voice has begun'],
    Voice: LateVoice,
  },
  {
    is: 'completes speaking when all was said',
    noticedBy: ['never ends an utterance before'],
    wrong: (right, { speech }) => ({
      speak: async (words) => {
        const answer = await right.speak(words);
        speech.play();
        // The driver tells of the end a turn after it heard of it.
        await nextTurn();
        await nextTurn();
        return answer;
      },
    }),
  },
  {
    is: 'says each text as it began the first time',
    noticedBy: ['says every word of one text'],
    Voice: ForgetfulVoice,
  },
  {
    is: 'says that all was spoken, whatever became of it',
    noticedBy: ['cuts off what is being said for', 'fails the utterance of an output'],
    Voice: BoastingVoice,
  },
  { is: 'plays on when it is silenced', noticedBy: ['silences at once'], Voice: DeafVoice },
  {
    is: 'is not ready to be silent where it is silent',
    noticedBy: ['finds no fault in silencing silence'],
    wrong: () => ({
      silence: () => Promise.resolve({ ok: false, error: { kind: 'notReady', reason: 'silent' } }),
    }),
  },
  {
    is: 'goes on when stopped',
    noticedBy: ['cuts off what is being said when it is stopped'],
    deafToStop: true,
  },
  {
    is: 'has no voice that can be heard',
    noticedBy: ['has a voice for id', 'has a voice for en'],
    Voice: MuteVoice,
  },
  {
    is: 'lets the loudspeaker sound with the headset',
    noticedBy: ['never lets the loudspeaker sound'],
    Voice: LeakingVoice,
  },
  {
    is: 'says aloud what the headset cannot say',
    noticedBy: ['says nothing from the loudspeaker where the headset is away'],
    wrong: aloudInstead,
  },
];

const smallMutants: readonly VoiceMutant[] = [
  {
    is: 'says aloud what was for a headset that is not there',
    noticedBy: ['refuses private words'],
    wrong: aloudInstead,
  },
  {
    is: 'reads English with its Indonesian voice',
    noticedBy: ['refuses a language that it has no voice of'],
    wrong: (right) => ({ speak: (words) => right.speak({ ...words, language: 'id' }) }),
  },
];

const onVoice =
  (options: object): Subject<AudioRig, VoiceMutant>['on'] =>
  async ({ Voice = SimulatedSpeech, wrong = () => ({}), deafToStop }, prove) => {
    const right = await simulatedVoiceRig({ options, speech: new Voice([ROOM, EAR]) });
    const { driver } = right;
    const stop = deafToStop === true ? () => Promise.resolve() : undefined;
    try {
      await prove({ ...right, driver: driverWith(driver, wrong(driver.handlers, right), stop) });
    } finally {
      await right.stop();
    }
  };

const whole: AudioCapabilities = {
  outputs: ['loudspeaker', 'headset'],
  languages: ['id', 'en'],
};
const small: AudioCapabilities = { outputs: ['loudspeaker'], languages: ['id'] };

proveSuite('voices', [
  { cases: audioCases(whole), mutants, on: onVoice({}) },
  {
    cases: audioCases(small),
    mutants: smallMutants,
    on: onVoice({ headset: null, voices: { en: null } }),
  },
]);
