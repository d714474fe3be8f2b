import type { ZodType } from 'zod';
import type { Result } from '../../src/base/result.ts';
import type { CommandFailure, CommandSpec, ErrorCodeOf, ParamsOf, ResultOf } from './command.ts';
import type { DevicePlace } from './device-place.ts';
import type { CommandName, Commands, EventName, Events } from './device-classes.ts';
import type { DeviceClass } from './words.ts';

type SpecOf<C extends DeviceClass, N extends CommandName<C>> = Extract<Commands<C>[N], CommandSpec>;

export type Params<C extends DeviceClass, N extends CommandName<C>> = ParamsOf<SpecOf<C, N>>;
export type CommandResult<C extends DeviceClass, N extends CommandName<C>> = Result<
  ResultOf<SpecOf<C, N>>,
  CommandFailure<ErrorCodeOf<SpecOf<C, N>>>
>;

/**
 * One function a command of the class. A driver runs one command at a time; the host sees to that. `signal` is
 * aborted when nobody wants the command any more; it is absent where the command cannot be called back. A driver
 * that heeds it answers `canceled`, and only where that is so: a command that has done its work says so.
 */
export type CommandHandlers<C extends DeviceClass> = {
  readonly [N in CommandName<C>]: (
    params: Params<C, N>,
    signal?: AbortSignal,
  ) => Promise<CommandResult<C, N>>;
};

/** Sends an unsolicited event of the class. */
export type EmitEvent<C extends DeviceClass> = <N extends EventName<C>>(
  event: N,
  payload: Events<C>[N],
) => void;

/**
 * A driver as the host sees it. `start` completes when the device was looked for once, found or not;
 * a device that is absent then reports `powerOff` or `noDevice` and is looked for again by the driver.
 * `stop` completes when every handle is released.
 */
export interface Driver<C extends DeviceClass = DeviceClass> {
  readonly deviceClass: C;
  readonly handlers: CommandHandlers<C>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A driver's own options are a zod schema, so that a typo in the configuration is refused by name. */
export interface DriverFactory<C extends DeviceClass, O> {
  readonly deviceClass: C;
  readonly options: ZodType<O>;
  /** False for a simulator: every list of devices says which is which. */
  readonly real: boolean;
  /** Where it looks for its devices; absent of what is behind a daemon, a network or a socket. */
  places?(options: O): readonly DevicePlace[];
  create(options: O, emit: EmitEvent<C>): Driver<C>;
}
