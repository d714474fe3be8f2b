import { execFileSync } from 'node:child_process';
import {
  constants,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { AudioOutput } from '../../../drivers/contract/audio.ts';

/** A card that no machine of ours has. */
const NO_CARD = 'type hw card 31';

/**
 * One ALSA output, made of the `file` and `null` plugins of alsa-lib: what would have sounded goes into a
 * named pipe. Whoever listens sets the pace, for a pipe holds no more than 64 KiB, a second and a half.
 */
class HeardOutput {
  readonly #pipe: string;
  #ear: Socket | null = null;
  #fd = -1;
  #sounded = 0;
  #onHeard: () => void = () => undefined;

  constructor(pipe: string) {
    this.#pipe = pipe;
    execFileSync('mkfifo', [pipe]);
  }

  /** In the words of asoundrc. */
  get definition(): string {
    return this.#ear === null
      ? NO_CARD
      : `type file slave.pcm.type null file "${this.#pipe}" format raw`;
  }

  open(): void {
    // Opened for both ways, so that a writer never waits for us and never ends the pipe for us.
    this.#fd = openSync(this.#pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const ear = new Socket({ fd: this.#fd, readable: true, writable: false });
    ear.pause().on('data', (sound: Buffer) => {
      this.#sounded += soundIn(sound);
      this.#onHeard();
    });
    this.#ear = ear;
  }

  close(): Promise<void> {
    const ear = this.#ear;
    this.#ear = null;
    if (ear === null) return Promise.resolve();
    return new Promise((resolve) => {
      ear.once('close', () => resolve());
      ear.destroy();
    });
  }

  async hearSome(): Promise<void> {
    const before = this.#sounded;
    await new Promise<void>((resolve) => {
      this.#onHeard = () => {
        if (this.#sounded > before) resolve();
      };
      this.#ear?.resume();
    });
    this.#ear?.pause();
  }

  hearAll(): void {
    this.#ear?.resume();
  }

  /** Once the pipe is empty. */
  async heard(): Promise<number> {
    this.#ear?.resume();
    for (let before = -1; before !== this.#sounded;) {
      before = this.#sounded;
      await setImmediate();
      if (this.#ear !== null) this.#sounded += drain(this.#fd);
      await setImmediate();
    }
    return this.#sounded;
  }
}

/** In bytes. Silence is none: aplay fills up its last period with it, and a look at an output is one of it. */
const soundIn = (samples: Uint8Array): number =>
  samples.reduce((n, byte) => (byte === 0 ? n : n + 1), 0);

function drain(fd: number): number {
  const piece = Buffer.alloc(65_536);
  let sounded = 0;
  try {
    for (;;) sounded += soundIn(piece.subarray(0, readSync(fd, piece)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return sounded;
}

/** A loudspeaker and a headset of one machine, by an ALSA configuration in a folder of its own. */
export class AlsaRoom {
  readonly dir = mkdtempSync(join(tmpdir(), 'anjungan-sound-'));
  readonly configPath = join(this.dir, 'asound.conf');
  readonly #outputs = {
    loudspeaker: new HeardOutput(join(this.dir, 'loudspeaker')),
    headset: new HeardOutput(join(this.dir, 'headset')),
  };

  constructor() {
    this.#outputs.loudspeaker.open();
    this.#outputs.headset.open();
    this.#configure();
  }

  hearSome(output: AudioOutput): Promise<void> {
    return this.#outputs[output].hearSome();
  }

  hearAll(): Promise<void> {
    this.#outputs.loudspeaker.hearAll();
    this.#outputs.headset.hearAll();
    return Promise.resolve();
  }

  heard(output: AudioOutput): Promise<number> {
    return this.#outputs[output].heard();
  }

  async unplug(output: AudioOutput): Promise<void> {
    const closed = this.#outputs[output].close();
    this.#configure();
    await closed;
  }

  plug(output: AudioOutput): Promise<void> {
    this.#outputs[output].open();
    this.#configure();
    return Promise.resolve();
  }

  async leave(): Promise<void> {
    await Promise.all([this.#outputs.loudspeaker.close(), this.#outputs.headset.close()]);
    rmSync(this.dir, { recursive: true });
  }

  #configure(): void {
    const { loudspeaker, headset } = this.#outputs;
    const next = `${this.configPath}.next`;
    writeFileSync(
      next,
      `pcm.room { ${loudspeaker.definition} }\npcm.ear { ${headset.definition} }\n`,
    );
    renameSync(next, this.configPath);
  }
}
