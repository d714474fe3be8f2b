import type * as z from 'zod';
import { audioCommands, audioEvents } from './audio.ts';
import { biometricCommands, biometricEvents } from './biometric.ts';
import { cabinetIoCommands, cabinetIoEvents } from './cabinet-io.ts';
import { cardPrinterCommands, cardPrinterEvents } from './card-printer.ts';
import { cardReaderCommands, cardReaderEvents } from './card-reader.ts';
import type { CommandSpec, CommandTable } from './command.ts';
import { codeScannerCommands, codeScannerEvents } from './code-scanner.ts';
import { pagePrinterCommands, pagePrinterEvents } from './page-printer.ts';
import { receiptPrinterCommands, receiptPrinterEvents } from './receipt-printer.ts';
import { upsCommands, upsEvents } from './ups.ts';
import { commonStatusSchema, type DeviceClass } from './words.ts';

/** Every class has this event besides its own: the whole common status, sent whenever any of it changes. */
const commonEvents = { statusChanged: commonStatusSchema } as const;

export const deviceClasses = {
  cardReader: { commands: cardReaderCommands, events: { ...commonEvents, ...cardReaderEvents } },
  codeScanner: { commands: codeScannerCommands, events: { ...commonEvents, ...codeScannerEvents } },
  pagePrinter: { commands: pagePrinterCommands, events: { ...commonEvents, ...pagePrinterEvents } },
  cardPrinter: { commands: cardPrinterCommands, events: { ...commonEvents, ...cardPrinterEvents } },
  receiptPrinter: {
    commands: receiptPrinterCommands,
    events: { ...commonEvents, ...receiptPrinterEvents },
  },
  ups: { commands: upsCommands, events: { ...commonEvents, ...upsEvents } },
  cabinetIo: { commands: cabinetIoCommands, events: { ...commonEvents, ...cabinetIoEvents } },
  audio: { commands: audioCommands, events: { ...commonEvents, ...audioEvents } },
  biometric: { commands: biometricCommands, events: { ...commonEvents, ...biometricEvents } },
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

/** The command of that name, or undefined: names that came over a wire are not trusted to exist. */
export function findCommand(deviceClass: DeviceClass, name: string): CommandSpec | undefined {
  const table: CommandTable = deviceClasses[deviceClass].commands;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The schema of an event's payload, or undefined where the class has no such event. */
export function findEvent(deviceClass: DeviceClass, name: string): z.ZodType | undefined {
  const table: Readonly<Record<string, z.ZodType>> = deviceClasses[deviceClass].events;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
