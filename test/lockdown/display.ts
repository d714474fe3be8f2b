import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createCanvas, ImageData } from '@napi-rs/canvas';

const run = promisify(execFile);

/** The citizen's panel, upright. */
export const PANEL = { width: 1080, height: 1920 };

/** An X display of its own with a window manager as it comes from the package, default bindings and all. */
export interface KioskDisplay {
  readonly name: string;
  /** Presses keys or moves the pointer from outside, as `xdotool` says it. */
  xdotool(...args: readonly string[]): Promise<string>;
  /** Every visible window that belongs to a program, by its id. */
  windows(): Promise<readonly string[]>;
  /** What a person would see, as PNG. */
  picture(): Buffer;
  stop(): Promise<void>;
}

export async function startDisplay(): Promise<KioskDisplay> {
  const folder = mkdtempSync(path.join(tmpdir(), 'anjungan-display-'));
  const screen = `${PANEL.width}x${PANEL.height}x24`;
  const server = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'Xvfb', '-displayfd', '3', '-screen', '0', screen],
      ...['-fbdir', folder, '-nolisten', 'tcp', '-noreset'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  const name = `:${await displayNumber(server)}`;
  const env = { ...process.env, DISPLAY: name, HOME: folder };
  const manager = spawn('setpriv', ['--pdeathsig', 'KILL', 'openbox'], { env, stdio: 'ignore' });
  const xdotool = async (...args: readonly string[]): Promise<string> =>
    (await run('xdotool', [...args], { env })).stdout;
  await untilManaged(xdotool);
  return {
    name,
    xdotool,
    async windows() {
      try {
        const found = await xdotool('search', '--onlyvisible', '--class', '.');
        return found.split('\n').filter((id) => id !== '');
      } catch (error) {
        // xdotool ends with 1 when it finds none.
        if ((error as { code?: unknown }).code === 1) return [];
        throw error;
      }
    },
    picture: () => pngOf(readFileSync(path.join(folder, 'Xvfb_screen0'))),
    async stop() {
      for (const child of [manager, server]) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function displayNumber(server: ChildProcess): Promise<string> {
  const pipe = server.stdio[3];
  if (!pipe) throw new Error('Xvfb has no pipe');
  const ended = once(server, 'exit').then(() => {
    throw new Error('Xvfb ended at once');
  });
  const [said] = (await Promise.race([once(pipe, 'data'), ended])) as [Buffer];
  ended.catch(() => undefined);
  return said.toString().trim();
}

/** EWMH: the window manager says on the root window that it is there. */
async function untilManaged(xdotool: (...args: string[]) => Promise<string>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await xdotool('get_num_desktops');
      return;
    } catch (error) {
      if (tries > 200) throw error;
    }
  }
}

/** The X window dump that Xvfb keeps of its screen (X11/XWDFile.h): 24 bits in 32, blue first. */
function pngOf(dump: Buffer): Buffer {
  const [headerBytes, width, height, rowBytes, colours] = [0, 16, 20, 48, 76].map((at) =>
    dump.readUInt32BE(at),
  ) as [number, number, number, number, number];
  const from = headerBytes + colours * 12;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const source = from + y * rowBytes + x * 4;
      const target = (y * width + x) * 4;
      pixels[target] = dump[source + 2] ?? 0;
      pixels[target + 1] = dump[source + 1] ?? 0;
      pixels[target + 2] = dump[source] ?? 0;
      pixels[target + 3] = 255;
    }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.toBuffer('image/png');
}
