import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SerialScannerSimulator } from '../serial-code-scanner/simulator.ts';

/**
 * The scanner's cable: a pair of pseudo-terminals made by socat(1), which lives as long as the scanner
 * is plugged in. The driver opens `ttyPath`; the simulator writes to the other end.
 */
export class ScannerLine {
  readonly ttyPath: string;
  readonly #wirePath: string;
  #socat: ChildProcess | null = null;
  #simulator: SerialScannerSimulator | null = null;

  constructor(ttyPath: string, wirePath: string) {
    this.ttyPath = ttyPath;
    this.#wirePath = wirePath;
  }

  get plugged(): boolean {
    return this.#simulator !== null;
  }

  /** Completes when the device is there. Throws where socat is not installed or cannot make the pair. */
  async plug(): Promise<void> {
    if (this.#socat !== null) return;
    const end = (link: string): string => `pty,raw,echo=0,link=${link}`;
    // setpriv(1) becomes socat and sees to it that it dies with the cabinet, also when that is killed.
    const socat = spawn(
      'setpriv',
      [...['--pdeathsig', 'TERM', 'socat', '-d', '-d'], end(this.ttyPath), end(this.#wirePath)],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#socat = socat;
    await new Promise<void>((resolve, reject) => {
      const failed = (cause?: Error): void =>
        reject(new Error('socat made no pseudo-terminals: is it installed?', { cause }));
      socat.once('error', failed);
      socat.once('exit', () => failed());
      createInterface({ input: socat.stderr }).on('line', (line) => {
        if (line.includes('starting data transfer loop')) resolve();
      });
    });
    this.#simulator = await SerialScannerSimulator.open(this.#wirePath);
  }

  /** Completes when the device is gone, links included. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    await this.#simulator?.close();
    this.#simulator = null;
    this.#socat = null;
    if (socat?.exitCode !== null || socat.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      socat.once('exit', () => resolve());
      socat.kill('SIGTERM');
    });
  }

  /** Sends bytes as they are. Throws when the scanner is unplugged. */
  async raw(bytes: Uint8Array): Promise<void> {
    if (this.#simulator === null) throw new Error('the scanner is unplugged');
    await this.#simulator.raw(bytes);
  }

  /** Sends one framed scan; false when the scanner is unplugged. */
  async scan(payload: string): Promise<boolean> {
    if (this.#simulator === null) return false;
    await this.#simulator.scan(payload);
    return true;
  }
}
