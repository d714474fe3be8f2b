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
  /** A voice that is not shown in time is an error, and may be there. */
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
/** How long it may take to find a voice; a host starts with the last of its devices, so none may take for ever. */
export const FIND_VOICE_MS = 1_500;
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
  /** What did not end in its time and is not known to have ended since, by what it was asked. */
  const hanging = new Set<string>();
  /**
   * One that hangs in the kernel is ended by no signal. Nothing waits for it beyond the limit, and it is not
   * joined by others: what it was asked is `late` at once as long as it is there.
   */
  const goneWithin = async (
    asked: string,
    ms: number,
    begin: () => ChildProcess,
  ): Promise<Gone | 'late'> => {
    if (hanging.has(asked)) return 'late';
    const child = begin();
    const gone = goneOf(child).finally(() => hanging.delete(asked));
    const late = Promise.withResolvers<'late'>();
    const limit = clock.after(ms, () => {
      hanging.add(asked);
      child.kill('SIGKILL');
      // What it started itself may hold these open.
      for (const stream of child.stdio) stream?.destroy();
      child.unref();
      late.resolve('late');
    });
    const end = await Promise.race([gone, late.promise]);
    limit.cancel();
    return end;
  };
  const start = (program: ProgramName, args: readonly string[], stdio: Stdio): ChildProcess =>
    spawn('setpriv', ['--pdeathsig', 'KILL', programs[program], ...args], { stdio, env });

  return {
    look: async (output) => {
      let complaints = '';
      const gone = await goneWithin(`output ${output}`, LOOK_MS, () => {
        const player = start('aplay', lookArguments(output), ['ignore', 'ignore', 'pipe']);
        new Complaints(player, (text) => {
          complaints = text;
        });
        return player;
      });
      if (gone === 'late') return err({ kind: 'silent' });
      if (gone.code === 0) return ok(undefined);
      return err(gone.code === NOT_FOUND ? missing('aplay') : faultOf(complaints));
    },
    hasVoice: async (voice) => {
      const words = { text: '', voice, wordsPerMinute: 160, amplitude: 0, output: '' };
      const gone = await goneWithin(`voice ${voice}`, FIND_VOICE_MS, () => {
        const child = start('espeak-ng', voiceArguments(words), ['pipe', 'ignore', 'ignore']);
        giveText(child, 'a');
        return child;
      });
      if (gone === 'late') return err({ kind: 'synthesiserFailed' });
      return gone.code === NOT_FOUND ? err(missing('espeak-ng')) : ok(gone.code === 0);
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
