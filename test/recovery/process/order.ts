import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { CommandSpec } from '../../../drivers/contract/command.ts';
import { deviceClasses } from '../../../drivers/contract/device-classes.ts';
import { Announcements, type JournalEventRow } from './announcements.ts';
import { Disk, writeImage, type Image } from './disk.ts';
import { commandIn, type Traced } from './trace.ts';

/** Names of all commands of any device that move media. */
export const movingCommands: ReadonlySet<string> = new Set(
  Object.values(deviceClasses).flatMap(({ commands }) =>
    Object.entries(commands as Readonly<Record<string, CommandSpec>>).flatMap(([name, spec]) =>
      spec.effect === 'movesMedia' ? [name] : [],
    ),
  ),
);

/** Core has no use for them yet; once it does, it must announce them like the others. */
const NOT_GIVEN_YET: readonly string[] = ['printReceipt'];
/** The kinds of movement that sessions of every sort come to. */
export const givenCommands: ReadonlySet<string> = new Set(
  [...movingCommands].filter((name) => !NOT_GIVEN_YET.includes(name)),
);

export interface OrderProof {
  /** Commands that move media, in the order in which their first byte went to a device host. */
  readonly commands: readonly string[];
  /** Those whose announcement a power cut at that moment would have lost. */
  readonly unannounced: readonly string[];
}

const row = z
  .object({ seq: z.number(), body: z.string() })
  .transform(({ seq, body }) => ({ seq, ...eventIn.parse(JSON.parse(body)) }));
const eventIn = z.object({ event: z.looseObject({ kind: z.string() }) });

/**
 * Holds each command that moves media against the disk as it was flushed at that moment: on a disk that
 * keeps nothing but what was flushed, the attempt, slot or test card that it is given for must have announced it
 * as the last thing it said, and once for each time it is given.
 */
export function proveOrder(base: Image, trace: readonly Traced[], folder: string): OrderProof {
  const disk = new Disk(base);
  const flushed = (): JournalEventRow[] => rowsIn(disk.image([]), folder);
  const announcements = new Announcements(flushed());
  const commands: string[] = [];
  const unannounced: string[] = [];
  for (const traced of trace) {
    disk.apply(traced);
    if (traced.op !== 'command') continue;
    const given = commandIn(traced);
    if (!movingCommands.has(given.command)) continue;
    commands.push(given.command);
    if (!announcements.cover(flushed(), given)) unannounced.push(given.command);
  }
  return { commands, unannounced };
}

/** The journal of an image. */
function rowsIn(image: Image, folder: string): JournalEventRow[] {
  const root = mkdtempSync(path.join(os.tmpdir(), 'anj-img-'));
  try {
    writeImage(root, '.', image);
    const database = new DatabaseSync(path.join(root, folder, 'journal.db'));
    const rows = database.prepare('SELECT seq, body FROM rows ORDER BY seq').all();
    database.close();
    return z.array(row).parse(rows);
  } finally {
    rmSync(root, { recursive: true });
  }
}
