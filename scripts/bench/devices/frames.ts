import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { encodeFrame, FrameDecoder } from '../../../drivers/serial-code-scanner/protocol.ts';
import { openSerialLine } from '../../../drivers/serial-line/serial-line.ts';
import { median, type Measure } from '../table.ts';
import { inTurn } from './in-turn.ts';

const ROUNDS = 1_500;
const WARM_UP = 100;
const BAUD = 115_200;

/** 32 bytes with STX, ETX and the four digits of the check. */
const FRAME = encodeFrame('ANJ1.SPESIMENSPESIMENSPESI');

type Exchange = () => Promise<void>;

/**
 * Milliseconds of 32 bytes there and back over a pseudo terminal whose other end echoes: until our line and decoder
 * give the code, until the bare serialport has the bytes, and until a C program has. One exchange of each in turn,
 * as a device has them: many on end would find all of it warm. Null, with a word on the screen, without gcc.
 */
export async function measureFrames(folder: string): Promise<Measure | null> {
  const program = path.join(folder, 'pty-echo');
  const source = path.join(import.meta.dirname, 'pty-echo.c');
  const built = spawnSync('gcc', ['-O2', '-Wall', '-Werror', '-o', program, source]);
  if (built.status !== 0) {
    process.stdout.write(
      `SKIPPED: the frame over a pty, as gcc made no floor: ${reasonOf(built)}\n`,
    );
    return null;
  }
  const devices = [spawnEcho(program), spawnEcho(program)] as const;
  const floor = spawnEcho(program, 'measure');
  try {
    const ours = await ourLine(await nextLine(devices[0]));
    const bare = await bareLine(await nextLine(devices[1]));
    await nextLine(floor);
    const times = await inTurn(
      { ours: ours.exchange, bare: bare.exchange, floor: () => exchangeOf(floor) },
      { rounds: ROUNDS, warmUp: WARM_UP },
    );
    await ours.close();
    await bare.close();
    return {
      name: '32 bytes over a pty to a checked code, ms (floor: C to C, peer: serialport bare)',
      ours: median(times.ours),
      peer: median(times.bare),
      floor: median(times.floor),
      goal: { atMost: 2 },
    };
  } finally {
    for (const child of [...devices, floor]) child.kill('SIGKILL');
  }
}

interface Line {
  readonly exchange: Exchange;
  readonly close: () => Promise<void>;
}

/** The scanner's line only reads; the bytes go out beside it. */
async function ourLine(tty: string): Promise<Line> {
  const out = openSync(tty, constants.O_WRONLY | constants.O_NOCTTY);
  const decoder = new FrameDecoder();
  let settle = (): void => undefined;
  const line = await openSerialLine(tty, BAUD, {
    onBytes: (bytes) => {
      for (const event of decoder.push(bytes)) {
        if (event.kind === 'fault') throw new Error(`the echo came back wrong: ${event.fault}`);
        settle();
      }
    },
    onGone: () => {
      throw new Error('the pseudo terminal went away');
    },
  });
  if (!line.ok) throw new Error(`the pseudo terminal is ${line.error.kind}`);
  return {
    exchange: () =>
      new Promise((resolve) => {
        settle = resolve;
        writeSync(out, FRAME);
      }),
    close: async () => {
      await line.value.close();
      closeSync(out);
    },
  };
}

async function bareLine(tty: string): Promise<Line> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path: tty, baudRate: BAUD });
  await once(port, 'open');
  let missing = 0;
  let settle = (): void => undefined;
  port.on('data', (bytes: Buffer) => {
    missing -= bytes.length;
    if (missing === 0) settle();
  });
  return {
    exchange: () =>
      new Promise((resolve) => {
        settle = resolve;
        missing = FRAME.length;
        port.write(FRAME);
      }),
    close: () => new Promise((resolve) => port.close(() => resolve())),
  };
}

const spawnEcho = (program: string, ...args: readonly string[]): ChildProcess =>
  spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });

const readers = new WeakMap<ChildProcess, AsyncIterator<string>>();

async function nextLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the echo has no output');
  const lines =
    readers.get(child) ?? createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  readers.set(child, lines);
  const next = await lines.next();
  if (next.done === true) throw new Error('the echo ended');
  return next.value;
}

/** Clocked by the C program, so that the way to it does not count. */
async function exchangeOf(floor: ChildProcess): Promise<number> {
  floor.stdin?.write('1\n');
  return Number(await nextLine(floor)) / 1e6;
}

const reasonOf = ({ error, stderr }: ReturnType<typeof spawnSync>): string =>
  error?.message ?? stderr.toString().trim();
