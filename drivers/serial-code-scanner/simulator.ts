import { open, type FileHandle } from 'node:fs/promises';
import { encodeFrame } from './protocol.ts';

/** Simulates a serial scanner by writing what one would send to the far end of a pseudo-terminal pair. */
export class SerialScannerSimulator {
  readonly #wire: FileHandle;

  private constructor(wire: FileHandle) {
    this.#wire = wire;
  }

  static async open(path: string): Promise<SerialScannerSimulator> {
    return new SerialScannerSimulator(await open(path, 'r+'));
  }

  /** One whole, good frame. Completes when the line took it. Throws on what a scanner could not have read. */
  async scan(payload: string): Promise<void> {
    if (!/^[\x20-\x7e]+$/.test(payload)) throw new RangeError('a scan is printable ASCII');
    await this.raw(encodeFrame(payload));
  }

  /** Bytes as they are: cut frames, noise, other modes. */
  async raw(bytes: Uint8Array): Promise<void> {
    await this.#wire.write(bytes);
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }
}
