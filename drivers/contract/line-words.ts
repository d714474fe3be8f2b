import * as z from 'zod';
import { err, type Result } from '../../src/base/result.ts';
import type { CommandFailure, CommandTable } from './command.ts';
import { deviceClasses, type CommandName, type EventName, type Events } from './device-classes.ts';
import type { Params } from './driver.ts';
import type { DeviceClass } from './words.ts';

/** What a simulated device is asked over its line: a command of its class, and nothing else. */
export type LineRequest<C extends DeviceClass> = {
  readonly [N in CommandName<C>]: { readonly command: N; readonly params: Params<C, N> };
}[CommandName<C>];

/** What it says unasked: an event of its class. */
export type LineEvent<C extends DeviceClass> = {
  readonly [N in EventName<C>]: { readonly event: N; readonly payload: Events<C>[N] };
}[EventName<C>];

/** What it answers: as its class does, and `silent` stands for no answer at all. */
export type LineAnswer = Result<unknown, CommandFailure> | 'silent';

export const refusal = (errorCode: string): LineAnswer => err({ kind: 'commandError', errorCode });
export const notReady = (reason: string): LineAnswer => err({ kind: 'notReady', reason });
export const invalidData = (reason: string): LineAnswer => err({ kind: 'invalidData', reason });
export const unsupported: LineAnswer = err({ kind: 'unsupported' });

/** Every command of the class with its parameters. Anything else is a violation and ends the connection. */
export function lineRequestSchema<C extends DeviceClass>(
  deviceClass: C,
): z.ZodType<LineRequest<C>> {
  const commands: CommandTable = deviceClasses[deviceClass].commands;
  const requests = Object.entries(commands).map(([name, { params }]) =>
    z.strictObject({ command: z.literal(name), params }),
  );
  return union('command', requests) as unknown as z.ZodType<LineRequest<C>>;
}

export function lineEventSchema<C extends DeviceClass>(deviceClass: C): z.ZodType<LineEvent<C>> {
  const events = Object.entries(deviceClasses[deviceClass].events).map(([name, payload]) =>
    z.strictObject({ event: z.literal(name), payload }),
  );
  return union('event', events) as unknown as z.ZodType<LineEvent<C>>;
}

/** The members come from the table of the class, which types each one; the list of them is not a tuple. */
function union(key: string, members: readonly z.ZodObject[]): z.ZodType {
  const [first, ...others] = members;
  return first === undefined ? z.never() : z.discriminatedUnion(key, [first, ...others]);
}
