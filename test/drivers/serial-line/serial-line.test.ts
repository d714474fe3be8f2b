import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSerialLine, type SerialLine } from '../../../drivers/serial-line/serial-line.ts';

let folder: string;
let tty: string;
let device: ChildProcess | null = null;
let line: SerialLine | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anj-line-'));
  tty = join(folder, 'tty');
});
afterEach(async () => {
  await line?.close();
  line = null;
  device?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** A device behind a pseudo terminal of socat(1) that does what this program does. */
async function plugIn(program: string): Promise<ChildProcess> {
  const pty = `pty,raw,echo=0,link=${tty},wait-slave`;
  const socat = spawn('socat', ['-d', '-d', pty, `EXEC:${program}`], { stdio: 'pipe' });
  device = socat;
  for await (const said of createInterface({ input: socat.stderr })) {
    if (!said.includes('PTY is')) continue;
    // It says so before it makes the link.
    while (!existsSync(tty)) await turn();
    return socat;
  }
  throw new Error('socat made no pseudo terminal: is it installed?');
}

async function open(onBytes: (bytes: Uint8Array) => void, onGone: () => void): Promise<SerialLine> {
  const opened = await openSerialLine(tty, 115_200, { onBytes, onGone });
  if (!opened.ok) throw new Error(`the pseudo terminal is ${opened.error.kind}`);
  line = opened.value;
  return line;
}

describe('a serial line', () => {
  it('gives back what an echo sends, whole', async () => {
    await plugIn('cat');
    const sent = Buffer.from(Array.from({ length: 20_000 }, (_, index) => index % 256));
    const got: Uint8Array[] = [];
    const all = new Promise<void>((resolve) => {
      void open(
        (bytes) => {
          got.push(bytes);
          if (got.reduce((sum, { length }) => sum + length, 0) === sent.length) resolve();
        },
        () => undefined,
      ).then((echo) => echo.write(sent));
    });
    await all;
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  it('lets everything else have its turn while a device never falls silent, and says once that it went', async () => {
    const socat = await plugIn('yes');
    let reads = 0;
    let gone = 0;
    let away = (): void => undefined;
    const left = new Promise<void>((resolve) => (away = resolve));
    await open(
      () => (reads += 1),
      () => {
        gone += 1;
        away();
      },
    );
    const readsAtTurns: number[] = [];
    while (readsAtTurns.length < 50) {
      await turn();
      readsAtTurns.push(reads);
    }
    while (reads < 1_000) await turn();
    // Of so many turns none saw more than a few reads pass at once.
    const passed = readsAtTurns.slice(1).map((count, index) => count - (readsAtTurns[index] ?? 0));
    expect(Math.max(...passed)).toBeLessThan(5);
    socat.kill('SIGKILL');
    await left;
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(gone).toBe(1);
  });
});
