import * as z from 'zod';
import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { AudioOutput, SpokenLanguage } from '../contract/audio.ts';
import type {
  CommandHandlers,
  CommandResult,
  Driver,
  DriverFactory,
  EmitEvent,
  Params,
} from '../contract/driver.ts';
import { StatusTeller } from '../contract/status-teller.ts';
import { KeptOutput, statusOfAll } from './outputs.ts';
import { longestSpeechMs, speakable, type SpeechFault, type Words } from './protocol.ts';
import {
  systemSpeech,
  type SpeechPrograms,
  type Utterance,
  type UtteranceEnd,
} from './transport.ts';

/** A name never begins with a hyphen, so that no program takes it for an option. */
const name = z.string().regex(/^[^-\p{Cc}][^\p{Cc}]{0,199}$/u);

export const audioOptionsSchema = z
  .strictObject({
    /** The ALSA PCM of the loudspeaker, such as `plughw:CARD=PCH`; null: none is fitted. */
    loudspeaker: name.nullable().default(null),
    /** That of the headset jack. It must not be heard from the loudspeaker. */
    headset: name.nullable().default(null),
    /** The espeak-ng voice of each language; null: none. */
    voices: z
      .strictObject({
        id: name.nullable().default('id'),
        en: name.nullable().default('en-gb'),
      })
      .prefault({}),
    /** An ALSA configuration to use instead of the system's. */
    alsaConfigPath: z.string().nullable().default(null),
  })
  .refine(({ loudspeaker, headset }) => loudspeaker !== null || headset !== null, {
    error: 'loudspeaker or headset must be given',
  })
  .refine(({ loudspeaker, headset }) => loudspeaker !== headset, {
    error: 'loudspeaker and headset must not be the same output',
  });
export type AudioOptions = z.infer<typeof audioOptionsSchema>;

export interface AudioSurroundings {
  readonly clock: Clock;
  readonly speechOf: (options: AudioOptions) => SpeechPrograms;
}

/** How long a voice may take to begin; with the look at an output before it, less than core waits. */
export const BEGIN_MS = 3_000;

interface Current {
  readonly utteranceId: string;
  readonly utterance: Utterance;
  readonly limit: TimerHandle;
}

type Spoken = CommandResult<'audio', 'speak'>;

class AudioDriver implements Driver<'audio'> {
  readonly deviceClass = 'audio';
  readonly handlers: CommandHandlers<'audio'>;
  readonly #options: AudioOptions;
  readonly #emit: EmitEvent<'audio'>;
  readonly #clock: Clock;
  readonly #speech: SpeechPrograms;
  readonly #status: StatusTeller;
  readonly #outputs: readonly KeptOutput[];
  #voices: ReadonlyMap<SpokenLanguage, string> | null = null;
  #current: Current | null = null;
  /** Of the last utterance, where its voice failed. */
  #voiceTrouble: readonly string[] = [];
  /** Told nothing before all outputs were looked for, and nothing once it was stopped. */
  #tells = false;

  constructor(
    options: AudioOptions,
    emit: EmitEvent<'audio'>,
    { clock, speechOf }: AudioSurroundings,
  ) {
    this.#options = options;
    this.#emit = emit;
    this.#clock = clock;
    this.#speech = speechOf(options);
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#outputs = (['loudspeaker', 'headset'] as const).flatMap((output) =>
      options[output] === null ? [] : [this.#keep(output, options[output])],
    );
    this.handlers = {
      getStatus: () =>
        Promise.resolve(ok({ ...this.#status.latest, speaking: this.#current !== null })),
      getCapabilities: () => Promise.resolve(this.#capabilities()),
      speak: (params) => this.#speak(params),
      silence: async () => {
        await this.#cutOff();
        return ok({});
      },
    };
  }

  async start(): Promise<void> {
    for (const output of this.#outputs) await output.start();
    this.#tells = true;
    this.#tell();
  }

  async stop(): Promise<void> {
    this.#tells = false;
    await this.#cutOff();
    await Promise.all(this.#outputs.map((output) => output.stop()));
    // What had begun to begin before, and sounds by now.
    await this.#cutOff();
  }

  /** Asked for until it is answered, and then never again: no answer before the voices are known. */
  #capabilities(): CommandResult<'audio', 'getCapabilities'> {
    if (this.#voices === null) return err({ kind: 'notReady', reason: 'voicesNotFoundYet' });
    return ok({
      outputs: this.#outputs.map((output) => output.name),
      languages: [...this.#voices.keys()],
    });
  }

  #keep(output: AudioOutput, device: string): KeptOutput {
    return new KeptOutput({
      name: output,
      clock: this.#clock,
      look: async () => {
        const voices = await this.#findVoices();
        return voices.ok ? this.#speech.look(device) : voices;
      },
      isSounding: () => this.#current !== null,
      changed: () => this.#tell(),
    });
  }

  /** Once found they are there: they come with the program. */
  async #findVoices(): Promise<Result<void, SpeechFault>> {
    if (this.#voices !== null) return ok(undefined);
    const found = new Map<SpokenLanguage, string>();
    for (const language of ['id', 'en'] as const) {
      const voice = this.#options.voices[language];
      if (voice === null) continue;
      const has = await this.#speech.hasVoice(voice);
      if (!has.ok) return has;
      if (has.value) found.set(language, voice);
    }
    this.#voices = found;
    return ok(undefined);
  }

  async #speak(params: Params<'audio', 'speak'>): Promise<Spoken> {
    await this.#cutOff();
    const output = this.#outputs.find(({ name: named }) => named === params.output);
    const device = this.#options[params.output];
    if (output === undefined || device === null) return notFitted;
    if (output.status.state !== 'online') {
      return notReady(output.status.reasons[0] ?? output.status.state);
    }
    const voice = this.#voices?.get(params.language);
    if (voice === undefined) return notFitted;
    const words = {
      text: speakable(params.text),
      voice,
      wordsPerMinute: params.wordsPerMinute,
      amplitude: params.volumePercent,
      output: device,
    };
    return output.whileFree(() => this.#begin(params.utteranceId, words, output));
  }

  async #begin(utteranceId: string, words: Words, output: KeptOutput): Promise<Spoken> {
    const utterance = this.#speech.say(words);
    const begun = await this.#within(utterance.begun, BEGIN_MS);
    if (begun === 'late') {
      await utterance.cutOff();
      output.failed({ kind: 'silent' });
      return err({ kind: 'noAnswer' });
    }
    if (!begun) {
      const end = await utterance.ended;
      this.#learn(end, output);
      return notReady(end.kind === 'failed' ? end.fault.kind : end.kind);
    }
    const limit = this.#clock.after(longestSpeechMs(words), () => {
      output.failed({ kind: 'silent' });
      void utterance.cutOff();
    });
    const current = { utteranceId, utterance, limit };
    this.#current = current;
    void utterance.ended.then((end) => {
      this.#learn(end, output);
      // After the completion of its own `speak`, which is on its way where the text was short.
      setImmediate(() => this.#over(current, end.kind === 'cutOff' ? 'failed' : end.kind));
    });
    return ok({});
  }

  /** Ends what is being said. Completes when nothing sounds. */
  async #cutOff(): Promise<void> {
    const current = this.#current;
    if (current === null) return;
    await current.utterance.cutOff();
    const end = await current.utterance.ended;
    this.#over(current, end.kind);
  }

  /** Tells the end of an utterance to whoever hears of it first, and to nobody again. */
  #over(current: Current, how: UtteranceEnd['kind']): void {
    if (this.#current !== current) return;
    this.#current = null;
    current.limit.cancel();
    this.#emit('speechEnded', { utteranceId: current.utteranceId, how });
  }

  #learn(end: UtteranceEnd, output: KeptOutput): void {
    if (end.kind === 'cutOff') return;
    const isVoice = end.kind === 'failed' && end.fault.kind === 'synthesiserFailed';
    this.#voiceTrouble = isVoice ? ['synthesiserFailed'] : [];
    if (end.kind === 'failed' && !isVoice) output.failed(end.fault);
    else this.#tell();
  }

  #within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, () => resolve('late'));
      void promise.then((value) => {
        timer.cancel();
        resolve(value);
      });
    });
  }

  #tell(): void {
    if (!this.#tells) return;
    const missingVoices = (['id', 'en'] as const).filter(
      (language) =>
        this.#voices !== null &&
        this.#options.voices[language] !== null &&
        !this.#voices.has(language),
    );
    const trouble = [...missingVoices.map((one) => `noVoice.${one}`), ...this.#voiceTrouble];
    this.#status.tell(statusOfAll(this.#outputs, trouble));
  }
}

const notFitted: Spoken = err({ kind: 'commandError', errorCode: 'notFitted' });
const notReady = (reason: string): Spoken => err({ kind: 'notReady', reason });

export const makeAudioFactory = (
  surroundings: AudioSurroundings,
): DriverFactory<'audio', AudioOptions> => ({
  deviceClass: 'audio',
  options: audioOptionsSchema,
  real: true,
  create: (options, emit) => new AudioDriver(options, emit, surroundings),
});

export const audioFactory = makeAudioFactory({
  clock: systemClock,
  speechOf: ({ alsaConfigPath }) =>
    systemSpeech({
      clock: systemClock,
      programs: { 'espeak-ng': 'espeak-ng', aplay: 'aplay' },
      alsaConfigPath,
    }),
});
