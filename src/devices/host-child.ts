import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { assert } from '../base/assert.ts';
import { compiledCode } from '../base/compiled-code.ts';
import { eachLine } from '../base/lines.ts';
import { attachJsonLines } from '../base/json-lines.ts';
import { redact } from '../base/redact.ts';
import { fromHostSchema, type FromHost, type ToHost } from '../../drivers/contract/wire.ts';
import type { HostVariable } from './ports.ts';

export interface HostExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface HostChildHandlers {
  readonly onFrame: (frame: FromHost) => void;
  /** The host sent something that is no frame. It has been killed; `onGone` follows. */
  readonly onBadFrame: (what: string) => void;
  /** One line of its stderr, redacted and cut to `LINE_LIMIT`: a native library writes there what it likes. */
  readonly onLine: (line: string) => void;
  /** Called once, after the last frame: the process is gone, or never started. */
  readonly onGone: (exit: HostExit) => void;
}

export interface HostChild {
  send(frame: ToHost): void;
  kill(): void;
  /** Closes the descriptor, at which a healthy host stops its drivers and exits. */
  close(): void;
}

const LINE_LIMIT = 500;
/** node-serialport lists ports through udevadm; nothing else of core's environment is a driver's business. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts one host process: stdin and stdout nowhere, stderr by lines, descriptor 3 a socket of JSON lines. */
export function spawnHost(
  entry: string,
  environment: Readonly<Partial<Record<HostVariable, string>>>,
  handlers: HostChildHandlers,
): HostChild {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { PATH: SYSTEM_PATH, ...compiledCode(), ...environment },
  });
  const stream = child.stdio[3] as Duplex | null | undefined;
  assert(stream != null && child.stderr !== null, 'a spawned host has its pipes');
  const ends = { process: null as HostExit | null, stream: false, closing: false };
  // Frames written just before a crash may still be in the socket when the exit is known.
  const goneWhenBoth = (): void => {
    if (ends.process !== null && ends.stream) handlers.onGone(ends.process);
  };
  const processEnded = (exit: HostExit): void => {
    if (ends.process !== null) return;
    ends.process = exit;
    goneWhenBoth();
  };
  child.once('exit', (exitCode, signal) => processEnded({ exitCode, signal }));
  child.once('error', () => {
    if (child.pid === undefined) processEnded({ exitCode: null, signal: null });
  });
  const badFrame = (what: string): void => {
    child.kill('SIGKILL');
    handlers.onBadFrame(what);
  };
  const write = attachJsonLines(stream, {
    onFrame: (frame) => {
      const parsed = fromHostSchema.safeParse(frame);
      if (parsed.success) handlers.onFrame(parsed.data);
      else badFrame('unknown frame');
    },
    onClose: (reason) => {
      ends.stream = true;
      if (reason.kind !== 'ended') badFrame(reason.kind);
      else if (!ends.closing) child.kill('SIGKILL');
      goneWhenBoth();
    },
  });
  eachLine(child.stderr, (line) => handlers.onLine(redact(line).slice(0, LINE_LIMIT)));
  return {
    send: write,
    kill: () => void child.kill('SIGKILL'),
    close: () => {
      ends.closing = true;
      stream.end();
    },
  };
}
