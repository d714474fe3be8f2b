import { spawn, type ChildProcess } from 'node:child_process';
import type { Stream } from 'node:stream';
import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import {
  faultOf,
  lookArguments,
  playArguments,
  tookTheSound,
  voiceArguments,
  type ProgramName,
  type SpeechFault,
  type Words,
} from './protocol.ts';

export type UtteranceEnd =
  | { readonly kind: 'spoken' }
  | { readonly kind: 'cutOff' }
  | { readonly kind: 'failed'; readonly fault: SpeechFault };

/** Something that is being said. */
export interface Utterance {
  /** True once the output took the sound; false where it ended before. */
  readonly begun: Promise<boolean>;
  /** How it ended, when nothing of it sounds any more and nothing that made it is left. */
  readonly ended: Promise<UtteranceEnd>;
  /** Ends it at once. Completes as `ended` does; no harm where it has ended. */
  cutOff(): Promise<void>;
}

/** A voice and the outputs of this machine. */
export interface SpeechPrograms {
  /** Opens and closes an output without a sound. */
  look(output: string): Promise<Result<void, SpeechFault>>;
  hasVoice(voice: string): Promise<Result<boolean, SpeechFault>>;
  say(words: Words): Utterance;
}

export interface SpeechProgramsParts {
  readonly clock: Clock;
  /** Where each program is; a bare name is looked for on the PATH. */
  readonly programs: Readonly<Record<ProgramName, string>>;
  /** An ALSA configuration instead of the system's. */
  readonly alsaConfigPath: string | null;
}

/** How long an output may take to be opened and closed. */
export const LOOK_MS = 1_500;
/** setpriv(1) ends so where it finds no such program. */
const NOT_FOUND = 127;
/** The end of what aplay wrote is kept: its last complaint says why. */
const COMPLAINTS_KEPT = 8_192;

/**
 * Sets the espeak-ng and the aplay of this machine to work. Each is a child that the kernel ends when this
 * process dies; no shell stands between.
 */
export function systemSpeech({
  clock,
  programs,
  alsaConfigPath,
}: SpeechProgramsParts): SpeechPrograms {
  const env = {
    PATH: process.env['PATH'],
    // Complaints are read.
    LC_ALL: 'C',
    ...(alsaConfigPath === null ? {} : { ALSA_CONFIG_PATH: alsaConfigPath }),
  };
  const start = (program: ProgramName, args: readonly string[], stdio: Stdio): ChildProcess =>
    spawn('setpriv', ['--pdeathsig', 'KILL', programs[program], ...args], { stdio, env });

  return {
    look: async (output) => {
      const player = start('aplay', lookArguments(output), ['ignore', 'ignore', 'pipe']);
      const complaints = new Complaints(player);
      const limit = clock.after(LOOK_MS, () => player.kill('SIGKILL'));
      const { code, signal } = await goneOf(player);
      limit.cancel();
      if (code === 0) return ok(undefined);
      if (code === NOT_FOUND) return err(missing('aplay'));
      return err(signal === 'SIGKILL' ? { kind: 'silent' } : faultOf(complaints.text));
    },
    hasVoice: async (voice) => {
      const words = { text: '', voice, wordsPerMinute: 160, amplitude: 0, output: '' };
      const child = start('espeak-ng', voiceArguments(words), ['pipe', 'ignore', 'ignore']);
      giveText(child, 'a');
      const { code } = await goneOf(child);
      return code === NOT_FOUND ? err(missing('espeak-ng')) : ok(code === 0);
    },
    say: (words) => {
      const player = start('aplay', playArguments(words.output), ['pipe', 'ignore', 'pipe']);
      // The sound goes from one to the other past this process, whose work must not make it stutter.
      const voice = start('espeak-ng', voiceArguments(words), ['pipe', player.stdin, 'ignore']);
      player.stdin?.destroy();
      giveText(voice, words.text);
      return new ProgramUtterance(player, voice);
    },
  };
}

type Stdio = ('pipe' | 'ignore' | Stream | null)[];
interface Gone {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const missing = (program: ProgramName): SpeechFault => ({ kind: 'missingProgram', program });

/** Completes when the process has ended and all it wrote was read. */
function goneOf(child: ChildProcess): Promise<Gone> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    // setpriv itself could not be started; nothing was.
    child.on('error', () => resolve({ code: NOT_FOUND, signal: null }));
  });
}

/** By a pipe, so that the text is in no list of processes and no file. */
function giveText(child: ChildProcess, text: string): void {
  // A voice that has died reads no more; its end says so.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text);
}

class Complaints {
  text = '';

  constructor(child: ChildProcess, heard: (text: string) => void = () => undefined) {
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      this.text = (this.text + piece).slice(-COMPLAINTS_KEPT);
      heard(this.text);
    });
  }
}

class ProgramUtterance implements Utterance {
  readonly begun: Promise<boolean>;
  readonly ended: Promise<UtteranceEnd>;
  readonly #player: ChildProcess;
  readonly #voice: ChildProcess;
  #isCutOff = false;

  constructor(player: ChildProcess, voice: ChildProcess) {
    this.#player = player;
    this.#voice = voice;
    const began = Promise.withResolvers<boolean>();
    this.begun = began.promise;
    const complaints = new Complaints(player, (text) => {
      if (tookTheSound(text)) began.resolve(true);
    });
    this.ended = this.#end(complaints).finally(() => began.resolve(false));
  }

  async cutOff(): Promise<void> {
    this.#isCutOff = true;
    // By the signal that has no handler: aplay is not to decide what of it is still played.
    this.#player.kill('SIGKILL');
    this.#voice.kill('SIGKILL');
    await this.ended;
  }

  async #end(complaints: Complaints): Promise<UtteranceEnd> {
    const voiceEnds = goneOf(this.#voice);
    const played = await goneOf(this.#player);
    // Where the player failed, nobody hears the voice any more.
    if (played.code !== 0) this.#voice.kill('SIGKILL');
    const spoke = await voiceEnds;
    if (this.#isCutOff) return { kind: 'cutOff' };
    if (spoke.code === NOT_FOUND) return failed(missing('espeak-ng'));
    if (played.code === NOT_FOUND) return failed(missing('aplay'));
    if (played.code === 0 && spoke.code === 0) return { kind: 'spoken' };
    // A voice that the failure of the player ended ends by one of these signals.
    const endedByPlayer = spoke.signal === 'SIGPIPE' || spoke.signal === 'SIGKILL';
    return failed(
      played.code !== 0 && (endedByPlayer || spoke.code === 0)
        ? faultOf(complaints.text)
        : { kind: 'synthesiserFailed' },
    );
  }
}

const failed = (fault: SpeechFault): UtteranceEnd => ({ kind: 'failed', fault });
