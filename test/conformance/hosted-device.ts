import { fileURLToPath } from 'node:url';
import { fromCompletion } from '../../drivers/contract/completion.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import { findCommand } from '../../drivers/contract/device-classes.ts';
import type { FromHost } from '../../drivers/contract/wire.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import { assert } from '../../src/base/assert.ts';
import { newId } from '../../src/base/ids.ts';
import type { Result } from '../../src/base/result.ts';
import { HostUnderTest } from '../drivers/host/host-under-test.ts';
import { EventTape } from './event-tape.ts';

const HOST = fileURLToPath(new URL('../../drivers/host/main.ts', import.meta.url));

type Answer = Result<unknown, CommandFailure>;

/** One device in the real device host, as core has it: native modules never meet the test runner. */
export class HostedDevice {
  readonly events = new EventTape();
  readonly #host: HostUnderTest;
  readonly #deviceClass: DeviceClass;
  readonly #waiting = new Map<
    string,
    (completion: Extract<FromHost, { type: 'completion' }>) => void
  >();

  private constructor(deviceClass: DeviceClass, env: NodeJS.ProcessEnv) {
    this.#host = new HostUnderTest(HOST, env);
    this.#deviceClass = deviceClass;
  }

  /** Rejects with the host's own words when the device cannot be opened. */
  static async open(
    deviceClass: DeviceClass,
    driver: string,
    options: unknown,
    /** Further environment of the host. */
    env: NodeJS.ProcessEnv = {},
  ): Promise<HostedDevice> {
    const hosted = new HostedDevice(deviceClass, env);
    hosted.#host.send({ type: 'open', devices: [{ name: 'it', deviceClass, driver, options }] });
    try {
      await new Promise<void>((resolve, reject) => void hosted.#read(resolve, reject));
    } catch (error) {
      await hosted.close();
      throw error;
    }
    return hosted;
  }

  call(command: string, params: unknown): Promise<Answer> {
    const spec = findCommand(this.#deviceClass, command);
    assert(spec !== undefined, `${this.#deviceClass} has no ${command}`);
    const requestId = newId('req');
    this.#host.command(requestId, 'it', command, params);
    return new Promise((resolve) => {
      this.#waiting.set(requestId, (completion) => resolve(fromCompletion(spec, completion)));
    });
  }

  /** What the host wrote for the maintainers: nothing, unless something is wrong. */
  get complaints(): string {
    return this.#host.stderr;
  }

  /** Completes when the host has ended, with how: `FINISHED` where all is well. */
  close(): Promise<number | NodeJS.Signals | null> {
    this.#host.closeDescriptor();
    return this.#host.exited;
  }

  async #read(opened: () => void, failed: (error: Error) => void): Promise<void> {
    for (;;) {
      const frame = await this.#host.frames.next();
      if (frame.type === 'opened') opened();
      if (frame.type === 'openFailed') failed(new Error(JSON.stringify(frame.fault)));
      if (frame.type === 'unsolicited') this.events.push(frame.event, frame.payload);
      if (frame.type === 'completion') this.#waiting.get(frame.requestId)?.(frame);
    }
  }
}
