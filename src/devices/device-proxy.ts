import type { CommandName, EventName, Events } from '../../drivers/contract/device-classes.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { CommandResult, Params } from '../../drivers/contract/driver.ts';
import type { Handed, Meeting } from '../../drivers/contract/held.ts';
import type { DeviceClass } from '../../drivers/contract/words.ts';
import type { Result } from '../base/result.ts';
import type { DeviceHealth } from './health.ts';
import type { ManagedDevice } from './managed-device.ts';
import type { CommandContext, DeviceProxy } from './ports.ts';

/**
 * The typed face of a managed device. The casts are sound: answers and events were parsed with the
 * schemas of this very class, from which the types are inferred.
 */
export class RemoteDevice<C extends DeviceClass> implements DeviceProxy<C> {
  readonly deviceClass: C;
  readonly #device: ManagedDevice;

  constructor(device: ManagedDevice, deviceClass: C) {
    this.#device = device;
    this.deviceClass = deviceClass;
  }

  get name(): string {
    return this.#device.config.name;
  }

  get real(): boolean | null {
    return this.#device.health.real;
  }

  execute<N extends CommandName<C>>(
    command: N,
    params: Handed<Params<C, N>>,
    context: CommandContext,
  ): Promise<CommandResult<C, N>> {
    return this.#device.execute(command, params, context) as Promise<CommandResult<C, N>>;
  }

  lend(
    command: CommandName<C>,
    to: Meeting,
    context: CommandContext,
  ): Promise<Result<{ readonly commands: number }, CommandFailure>> {
    return this.#device.lend(command, to, context) as Promise<
      Result<{ readonly commands: number }, CommandFailure>
    >;
  }

  on<N extends EventName<C>>(event: N, listener: (payload: Events<C>[N]) => void): () => void {
    return this.#device.events.on(event, (payload) => listener(payload as Events<C>[N]));
  }

  health(): DeviceHealth<C> {
    return this.#device.health as DeviceHealth<C>;
  }
}
