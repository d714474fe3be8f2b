import { assert } from '../../src/base/assert.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { speakable, type SpeechFault, type Words } from './protocol.ts';
import type { SpeechPrograms, Utterance, UtteranceEnd } from './transport.ts';

/** What waits for the next utterance. */
export type SimulatedSpeechFault =
  /** The output never takes the sound. */
  | 'neverBegins'
  /** It takes the sound and never comes to its end. */
  | 'neverEnds'
  /** The voice dies after its first word. */
  | 'synthesiserFails';

interface Saying {
  readonly words: Words;
  readonly fault: SimulatedSpeechFault | null;
  left: string[];
  readonly end: (end: UtteranceEnd) => void;
}

/**
 * A simulated voice with outputs that keep each word they sounded, whose time passes when it is told to.
 * Strict: it throws on what the programs would do wrong without a word of complaint, such as two voices at
 * once, characters that espeak-ng obeys, or a voice that was never asked for.
 */
export class SimulatedSpeech implements SpeechPrograms {
  readonly #voices: readonly string[];
  readonly #outputs = new Map<string, { fault: SpeechFault | null; readonly heard: string[] }>();
  readonly #voicesSeen = new Set<string>();
  #missing: SpeechFault | null = null;
  #nextFault: SimulatedSpeechFault | null = null;
  #saying: Saying | null = null;

  constructor(outputs: readonly string[], voices: readonly string[] = ['id', 'en-gb']) {
    this.#voices = voices;
    for (const output of outputs) this.#outputs.set(output, { fault: null, heard: [] });
  }

  look(output: string): Promise<Result<void, SpeechFault>> {
    assert(this.#saying?.words.output !== output, 'an output that sounds is not looked at');
    const fault = this.#missing ?? this.#outputOf(output).fault;
    return Promise.resolve(fault === null ? ok(undefined) : err(fault));
  }

  hasVoice(voice: string): Promise<Result<boolean, SpeechFault>> {
    if (this.#missing !== null) return Promise.resolve(err(this.#missing));
    this.#voicesSeen.add(voice);
    return Promise.resolve(ok(this.#voices.includes(voice)));
  }

  say(words: Words): Utterance {
    assert(this.#saying === null, 'one voice at a time');
    assert(words.text === speakable(words.text), 'nothing that the voice would obey');
    assert(words.wordsPerMinute >= 80 && words.wordsPerMinute <= 450, 'a speed that it has');
    assert(words.amplitude >= 0 && words.amplitude <= 200, 'an amplitude that it has');
    const knowsVoice = this.#voicesSeen.has(words.voice) && this.#voices.includes(words.voice);
    assert(knowsVoice, 'a voice that was found');
    const ended = Promise.withResolvers<UtteranceEnd>();
    const fault = this.#missing ?? this.#outputOf(words.output).fault;
    if (fault !== null) {
      return utterance(false, Promise.resolve({ kind: 'failed', fault }), () => undefined);
    }
    const struck = this.#nextFault;
    this.#nextFault = null;
    const left = words.text.split(' ').filter((word) => word !== '');
    this.#saying = { words, fault: struck, left, end: ended.resolve };
    const cutOff = (): void => this.#end({ kind: 'cutOff' }, ended.resolve);
    if (struck !== 'neverBegins') return utterance(true, ended.promise, cutOff);
    return utterance(new Promise(() => undefined), ended.promise, cutOff);
  }

  /** Lets this many words sound, or all that are left; the last of them ends the utterance. */
  play(words = Infinity): void {
    const saying = this.#saying;
    if (saying === null || saying.fault === 'neverBegins') return;
    const { heard } = this.#outputOf(saying.words.output);
    const isCut = saying.fault === 'synthesiserFails';
    heard.push(...saying.left.splice(0, isCut ? 1 : words));
    if (isCut) this.#fail({ kind: 'synthesiserFailed' });
    else if (saying.left.length === 0 && saying.fault !== 'neverEnds') {
      this.#end({ kind: 'spoken' }, saying.end);
    }
  }

  /** Each word that sounded from this output, in order. */
  heardFrom(output: string): readonly string[] {
    return this.#outputOf(output).heard;
  }

  /** The output goes away, or can be used no more for another reason. */
  fail(output: string, fault: SpeechFault = { kind: 'absent' }): void {
    this.#outputOf(output).fault = fault;
    if (this.#saying?.words.output === output) this.#fail(fault);
  }

  mend(output: string): void {
    this.#outputOf(output).fault = null;
  }

  /** A program that is not installed, until null. */
  missing(fault: Extract<SpeechFault, { kind: 'missingProgram' }> | null): void {
    this.#missing = fault;
  }

  arm(fault: SimulatedSpeechFault): void {
    this.#nextFault = fault;
  }

  #fail(fault: SpeechFault): void {
    if (this.#saying !== null) this.#end({ kind: 'failed', fault }, this.#saying.end);
  }

  #end(end: UtteranceEnd, resolve: (end: UtteranceEnd) => void): void {
    if (this.#saying?.end === resolve) this.#saying = null;
    resolve(end);
  }

  #outputOf(output: string) {
    const found = this.#outputs.get(output);
    assert(found !== undefined, `there is no output ${output}`);
    return found;
  }
}

function utterance(
  begun: boolean | Promise<boolean>,
  ended: Promise<UtteranceEnd>,
  end: () => void,
): Utterance {
  return {
    begun: Promise.resolve(begun),
    ended,
    cutOff: async () => {
      end();
      await ended;
    },
  };
}
