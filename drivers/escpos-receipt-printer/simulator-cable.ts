import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { SimulatedReceiptPrinter } from './simulator.ts';

/**
 * The serial cable of a simulated printer: a pseudo-terminal made by socat(1), which lives as long as the
 * printer is plugged in. The driver opens `ttyPath`; the printer is at the other end.
 */
export class ReceiptPrinterCable {
  readonly ttyPath: string;
  readonly #printer: SimulatedReceiptPrinter;
  #socat: ChildProcessWithoutNullStreams | null = null;
  #held: FileHandle | null = null;

  constructor(ttyPath: string, printer: SimulatedReceiptPrinter) {
    this.ttyPath = ttyPath;
    this.#printer = printer;
  }

  /** Completes when the device is there. Throws where socat is not installed or makes no terminal. */
  async plug(): Promise<void> {
    if (this.#socat !== null) return;
    const socat = spawn('setpriv', [
      ...['--pdeathsig', 'TERM', 'socat', '-d', '-d'],
      ...[`pty,raw,echo=0,link=${this.ttyPath}`, 'STDIO'],
    ]);
    this.#socat = socat;
    // A write that was under way when the cable was pulled.
    socat.stdin.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      const failed = (cause?: Error): void =>
        reject(new Error('socat made no pseudo-terminal: is it installed?', { cause }));
      socat.once('error', failed);
      socat.once('exit', () => failed());
      createInterface({ input: socat.stderr }).on('line', (line) => {
        if (line.includes('starting data transfer loop')) resolve();
      });
    });
    // The terminal ends when nobody has it open; a cable stays plugged in while no driver uses it.
    this.#held = await open(this.ttyPath, 'r+');
    this.#printer.connect((bytes) => void socat.stdin.write(bytes));
    socat.stdout.on('data', (bytes: Buffer) => this.#printer.receive(bytes));
  }

  /** Completes when the device is gone, its link included; the printer loses its power with it. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = null;
    this.#printer.connect(() => undefined);
    this.#printer.restart();
    await this.#held?.close();
    this.#held = null;
    if (socat?.exitCode !== null || socat.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      socat.once('exit', () => resolve());
      socat.kill('SIGTERM');
    });
  }
}
