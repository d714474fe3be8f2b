import { z } from 'zod';
import { err, type Result } from '../../src/base/result.ts';
import { cardPrinterCommands } from '../contract/card-printer.ts';
import type { CommandFailure } from '../contract/command.ts';
import { commonStatusSchema } from '../contract/words.ts';

export const CARD_PRINTER_DEVICE = 'cardPrinter';

const request = <N extends string, P extends z.ZodType>(name: N, spec: { readonly params: P }) =>
  z.strictObject({ command: z.literal(name), params: spec.params });

/** What the simulated printer understands. Anything else is a violation and ends the connection. */
export const cardPrinterRequestSchema = z.discriminatedUnion('command', [
  request('getStatus', cardPrinterCommands.getStatus),
  request('getCapabilities', cardPrinterCommands.getCapabilities),
  request('feedBlank', cardPrinterCommands.feedBlank),
  request('transmitToChip', cardPrinterCommands.transmitToChip),
  request('printSide', cardPrinterCommands.printSide),
  request('presentCard', cardPrinterCommands.presentCard),
  request('retractCard', cardPrinterCommands.retractCard),
  request('rejectCard', cardPrinterCommands.rejectCard),
  request('lastPresentStatus', cardPrinterCommands.lastPresentStatus),
]);
export type CardPrinterRequest = z.infer<typeof cardPrinterRequestSchema>;

/** A device answers as its class does; `silent` stands for no answer at all. */
export type Answer = Result<unknown, CommandFailure> | 'silent';

export const refusal = (errorCode: string): Answer => err({ kind: 'commandError', errorCode });
export const notReady = (reason: string): Answer => err({ kind: 'notReady', reason });
export const invalidData = (reason: string): Answer => err({ kind: 'invalidData', reason });
export const unsupported: Answer = err({ kind: 'unsupported' });

export const cardPrinterEventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('mediaPresented') }),
  z.strictObject({ event: z.literal('mediaTaken') }),
  z.strictObject({ event: z.literal('statusChanged'), status: commonStatusSchema }),
]);
export type CardPrinterEvent = z.infer<typeof cardPrinterEventSchema>;
