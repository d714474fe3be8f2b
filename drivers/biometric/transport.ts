import { spawn, type ChildProcess } from 'node:child_process';
import { systemClock } from '../../src/base/clock.ts';
import { JsonLineDecoder } from '../../src/base/json-lines.ts';
import {
  fromEngineSchema,
  MAX_ENGINE_LINE_BYTES,
  type FromEngine,
  type ToEngine,
} from './protocol.ts';

export interface EngineCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** How an engine ended: by itself, or ended by us because it said what is no frame. */
export type EngineEnd = 'engineEnded' | 'protocolBroken' | 'missingEngine';

export interface EngineHandlers {
  readonly onFrame: (frame: FromEngine) => void;
  /** Called once, after the last frame, when the process is gone; after `kill` too. */
  readonly onGone: (end: EngineEnd) => void;
}

export interface EngineProcess {
  send(frame: ToEngine): void;
  /** Ends it at once: a template or an image may be in its memory. Completes when it is gone. */
  kill(): Promise<void>;
}

export type StartEngine = (command: EngineCommand, handlers: EngineHandlers) => EngineProcess;

/** setpriv(1) ends so where it finds no such program. */
const NOT_FOUND = 127;
/** How long the last lines of an engine that ended by itself are read, while something keeps its output open. */
const LAST_LINES_MS = 500;

/**
 * Starts an engine of this machine, which the kernel ends when this process dies, in a process group of its own: what
 * is named may be a shell that starts the engine and waits, and both end together. The reference goes to it by a
 * pipe and nowhere else. What it writes to standard error goes nowhere: nobody can say what of a citizen it holds.
 */
export const systemEngine: StartEngine = ({ program, args }, { onFrame, onGone }) => {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
  });
  const decoder = new JsonLineDecoder(MAX_ENGINE_LINE_BYTES);
  const ended = Promise.withResolvers<undefined>();
  let broken = false;
  /** Ended by us: nothing that it still says is heard. */
  let unheard = false;
  const end = (): void => {
    unheard = true;
    if (child.exitCode === null && child.signalCode === null) killGroup(child);
  };
  const breakOff = (): void => {
    broken = true;
    end();
  };
  const take = (chunk: Buffer): void => {
    const frames = decoder.push(chunk);
    if (!frames.ok) {
      breakOff();
      return;
    }
    for (const raw of frames.value) {
      const frame = fromEngineSchema.safeParse(raw);
      if (!frame.success) {
        breakOff();
        return;
      }
      onFrame(frame.data);
    }
  };
  child.stdout.on('data', (chunk: Buffer) => {
    if (!unheard) take(chunk);
  });
  // An engine that has ended reads no more; its end says so.
  child.stdin.on('error', () => undefined);
  const gone = (code: number | null): void => {
    if (code === NOT_FOUND) onGone('missingEngine');
    else onGone(broken ? 'protocolBroken' : 'engineEnded');
    ended.resolve(undefined);
  };
  child.once('exit', () => {
    // What it started itself has sensor and template otherwise, and the streams, which would never close.
    killGroup(child);
    const letGo = (): void => child.stdio.forEach((stream) => stream?.destroy());
    if (unheard) letGo();
    const limit = systemClock.after(LAST_LINES_MS, letGo);
    child.once('close', () => limit.cancel());
  });
  child.once('close', gone);
  // setpriv itself could not be started, and nothing closes.
  child.on('error', () => {
    if (child.pid === undefined) gone(NOT_FOUND);
  });
  return {
    send: (frame) => void child.stdin.write(`${JSON.stringify(frame)}\n`),
    kill: async () => {
      end();
      await ended.promise;
    },
  };
};

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of it is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
