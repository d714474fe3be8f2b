import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { cardPrinterPartsSchema, newCardPrinterParts } from '../simulated-card-printer/parts.ts';
import {
  motorReaderPartsSchema,
  newMotorReaderParts,
} from '../simulated-motor-card-reader/parts.ts';

/** The physical state of the cabinet: everything in it that one could touch. It outlives every program. */
export const worldSchema = z.strictObject({
  door: z.enum(['closed', 'open']),
  power: z.enum(['on', 'off']),
  cardPrinter: cardPrinterPartsSchema,
  motorReader: motorReaderPartsSchema,
  /** Names of the page printer's sheets-in-the-tray files that a citizen has already taken. */
  papersTaken: z.array(z.string()),
});
export type World = z.infer<typeof worldSchema>;

export function newWorld(): World {
  return {
    door: 'closed',
    power: 'on',
    cardPrinter: newCardPrinterParts(),
    motorReader: newMotorReaderParts(),
    papersTaken: [],
  };
}

/** Reads the world left behind by the last run, or makes a new one. A damaged file throws: the truth is lost. */
export function loadWorld(path: string): World {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return newWorld();
    throw error;
  }
  return worldSchema.parse(JSON.parse(text));
}

/**
 * Replaces the file in one step, so that a kill leaves the old world or the new one. Not fsynced: what
 * must outlive the machine itself is the record.
 */
export function saveWorld(path: string, world: World): void {
  writeFileSync(`${path}.new`, JSON.stringify(world));
  renameSync(`${path}.new`, path);
}
