import { afterEach, describe, expect, it } from '@jest/globals';
import type { AudioCapabilities } from '../../drivers/contract/audio.ts';
import type { Words } from '../../drivers/audio/protocol.ts';
import { SimulatedSpeech } from '../../drivers/audio/simulator.ts';
import type { Utterance } from '../../drivers/audio/transport.ts';
import {
  EAR,
  ROOM,
  simulatedVoiceRig,
  type SimulatedVoiceRig,
} from '../drivers/audio/simulated-voice-rig.ts';
import { audioCases } from './audio-suite.ts';

const CAPABILITIES: AudioCapabilities = {
  outputs: ['loudspeaker', 'headset'],
  languages: ['id', 'en'],
};

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

/** Has one voice less than it says. */
class MuteVoice extends SimulatedSpeech {
  override say(words: Words): Utterance {
    return super.say(words.voice === 'en-gb' ? { ...words, text: ' ' } : words);
  }
}

const LEAKS = 'never lets the loudspeaker sound what goes to the headset';
const SILENCES = 'silences at once: most of a long text is never heard';
const CUTS = 'cuts off what is being said for what is said next';
const VANISHES =
  'fails the utterance of an output that vanishes, says why, and speaks when it is back';
const BEGINS = 'completes speaking when the voice has begun, and ends it once, as spoken';
const mutants = [
  { Mutant: LeakingVoice, killedBy: LEAKS },
  { Mutant: DeafVoice, killedBy: SILENCES },
  { Mutant: BoastingVoice, killedBy: CUTS },
  { Mutant: BoastingVoice, killedBy: VANISHES },
  { Mutant: ForgetfulVoice, killedBy: 'says every word of one text after the other' },
  { Mutant: LateVoice, killedBy: BEGINS },
  { Mutant: MuteVoice, killedBy: 'has a voice for en' },
];

describe('the suite of a voice', () => {
  let rig: SimulatedVoiceRig | null = null;

  afterEach(() => rig?.stop());

  it.each(mutants.map(({ Mutant, killedBy }) => ({ name: Mutant.name, Mutant, killedBy })))(
    'kills $name: $killedBy',
    async ({ Mutant, killedBy }) => {
      rig = await simulatedVoiceRig({ speech: new Mutant([ROOM, EAR]) });
      const strict = audioCases(CAPABILITIES).find(({ title }) => title === killedBy);
      await expect(strict?.run(rig, CAPABILITIES)).rejects.toThrow();
    },
  );
});
