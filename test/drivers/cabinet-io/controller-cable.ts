import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SimulatedCabinetController } from '../../../drivers/cabinet-io/simulator.ts';
import { systemClock } from '../../../src/base/clock.ts';

/** A simulated controller behind a pseudo-terminal of socat(1), which is there while it is plugged in. */
export class ControllerCable {
  readonly ttyPath: string;
  readonly controller: SimulatedCabinetController;
  #socat: ChildProcess | null = null;

  constructor(ttyPath: string) {
    this.ttyPath = ttyPath;
    this.controller = new SimulatedCabinetController(systemClock, (bytes) => {
      this.#socat?.stdin?.write(bytes);
    });
  }

  /** Completes when the device is there. */
  async plug(): Promise<void> {
    const socat = spawn(
      'setpriv',
      [
        ...['--pdeathsig', 'TERM', 'socat', '-d', '-d'],
        ...[`pty,raw,echo=0,link=${this.ttyPath}`, 'STDIO'],
      ],
      { stdio: 'pipe' },
    );
    this.#socat = socat;
    // A cable that is pulled out breaks the pipe, which is no news.
    socat.stdin.on('error', () => undefined);
    socat.stdout.on('data', (bytes: Buffer) => this.controller.receive(bytes));
    await new Promise<void>((resolve, reject) => {
      const failed = (cause?: Error): void =>
        reject(new Error('socat made no pseudo-terminal: is it installed?', { cause }));
      socat.once('error', failed);
      socat.once('exit', () => failed());
      createInterface({ input: socat.stderr }).on('line', (line) => {
        if (line.includes('starting data transfer loop')) resolve();
      });
    });
  }

  /** Completes when the device is gone. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = null;
    if (socat?.exitCode !== null || socat.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      socat.once('exit', () => resolve());
      socat.kill('SIGTERM');
    });
  }
}
