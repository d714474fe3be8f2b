import { z } from 'zod';
import { err, type Result } from '../../src/base/result.ts';
import { cardReaderCommands } from '../contract/card-reader.ts';
import type { CommandFailure } from '../contract/command.ts';
import { commonStatusSchema } from '../contract/words.ts';

export const MOTOR_READER_DEVICE = 'motorCardReader';

const request = <N extends string, P extends z.ZodType>(name: N, spec: { readonly params: P }) =>
  z.strictObject({ command: z.literal(name), params: spec.params });

/** What the simulated reader understands. Anything else is a violation and ends the connection. */
export const motorReaderRequestSchema = z.discriminatedUnion('command', [
  request('getStatus', cardReaderCommands.getStatus),
  request('getCapabilities', cardReaderCommands.getCapabilities),
  request('readIdentity', cardReaderCommands.readIdentity),
  request('acceptCard', cardReaderCommands.acceptCard),
  request('captureCard', cardReaderCommands.captureCard),
  request('returnCard', cardReaderCommands.returnCard),
]);
export type MotorReaderRequest = z.infer<typeof motorReaderRequestSchema>;

/** A device answers as its class does; `silent` stands for no answer at all. */
export type Answer = Result<unknown, CommandFailure> | 'silent';

export const refusal = (errorCode: string): Answer => err({ kind: 'commandError', errorCode });
export const notReady = (reason: string): Answer => err({ kind: 'notReady', reason });

export const motorReaderEventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('cardInserted') }),
  z.strictObject({ event: z.literal('cardRemoved') }),
  z.strictObject({ event: z.literal('statusChanged'), status: commonStatusSchema }),
]);
export type MotorReaderEvent = z.infer<typeof motorReaderEventSchema>;
