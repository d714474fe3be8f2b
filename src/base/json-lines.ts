import type { Duplex } from 'node:stream';
import { err, ok, type Result } from './result.ts';

/** 16 MiB, several times the largest thing that we send in one frame: the dots of a card side in base64. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export type FrameError = { readonly kind: 'tooLong' } | { readonly kind: 'notJson' };

/** Splits a byte stream into JSON frames, one a line. After an error the stream is of no more use. */
export class JsonLineDecoder {
  #rest: Buffer[] = [];
  #restBytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): Result<unknown[], FrameError> {
    const frames: unknown[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...this.#rest, chunk.subarray(from, at)]);
      this.#rest = [];
      this.#restBytes = 0;
      from = at + 1;
      if (line.length > this.#maxBytes) return err({ kind: 'tooLong' });
      if (line.length === 0) continue;
      try {
        frames.push(JSON.parse(line.toString('utf8')));
      } catch {
        return err({ kind: 'notJson' });
      }
    }
    if (from < chunk.length) {
      this.#rest.push(chunk.subarray(from));
      this.#restBytes += chunk.length - from;
      if (this.#restBytes > this.#maxBytes) return err({ kind: 'tooLong' });
    }
    return ok(frames);
  }
}

export interface JsonLineHandlers {
  readonly onFrame: (frame: unknown) => void;
  /** Called once, when the stream ended, failed, or sent something that is not a frame. */
  readonly onClose: (reason: FrameError | { readonly kind: 'ended' }) => void;
}

export interface JsonLineLimits {
  /** The longest frame the other side may send. */
  readonly maxBytes?: number;
  /** How much may wait for a reader that does not read before its stream is destroyed. */
  readonly maxUnreadBytes?: number;
}

/** Reads JSON lines from `stream` and returns the function that writes one. A bad frame destroys the stream. */
export function attachJsonLines(
  stream: Duplex,
  handlers: JsonLineHandlers,
  { maxBytes = MAX_FRAME_BYTES, maxUnreadBytes = Infinity }: JsonLineLimits = {},
): (frame: unknown) => void {
  const decoder = new JsonLineDecoder(maxBytes);
  let closed = false;
  const close = (reason: FrameError | { readonly kind: 'ended' }): void => {
    if (closed) return;
    closed = true;
    handlers.onClose(reason);
  };
  stream.on('data', (chunk: Buffer) => {
    if (closed) return;
    const frames = decoder.push(chunk);
    if (!frames.ok) {
      stream.destroy();
      close(frames.error);
      return;
    }
    for (const frame of frames.value) handlers.onFrame(frame);
  });
  stream.on('error', () => close({ kind: 'ended' }));
  stream.on('close', () => close({ kind: 'ended' }));
  stream.on('end', () => close({ kind: 'ended' }));
  return (frame) => {
    if (closed || !stream.writable) return;
    stream.write(`${JSON.stringify(frame)}\n`);
    if (stream.writableLength > maxUnreadBytes) stream.destroy();
  };
}
