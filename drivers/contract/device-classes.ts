import type { z } from 'zod';
import { cardPrinterCommands, cardPrinterEvents } from './card-printer.ts';
import { cardReaderCommands, cardReaderEvents } from './card-reader.ts';
import { codeScannerCommands, codeScannerEvents } from './code-scanner.ts';
import { pagePrinterCommands, pagePrinterEvents } from './page-printer.ts';
import { commonStatusSchema, type DeviceClass } from './words.ts';

/** Every class has this event besides its own: the whole common status, sent whenever any of it changes. */
const commonEvents = { statusChanged: commonStatusSchema } as const;

export const deviceClasses = {
  cardReader: { commands: cardReaderCommands, events: { ...commonEvents, ...cardReaderEvents } },
  codeScanner: { commands: codeScannerCommands, events: { ...commonEvents, ...codeScannerEvents } },
  pagePrinter: { commands: pagePrinterCommands, events: { ...commonEvents, ...pagePrinterEvents } },
  cardPrinter: { commands: cardPrinterCommands, events: { ...commonEvents, ...cardPrinterEvents } },
} as const satisfies Record<DeviceClass, unknown>;

export type Commands<C extends DeviceClass> = (typeof deviceClasses)[C]['commands'];
export type CommandName<C extends DeviceClass> = keyof Commands<C> & string;
export type Events<C extends DeviceClass> = {
  [
    K in keyof (typeof deviceClasses)[C]['events']
  ]: (typeof deviceClasses)[C]['events'][K] extends z.ZodType
    ? z.infer<(typeof deviceClasses)[C]['events'][K]>
    : never;
};
export type EventName<C extends DeviceClass> = keyof Events<C> & string;
