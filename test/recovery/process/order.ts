import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { CommandSpec } from '../../../drivers/contract/command.ts';
import { deviceClasses } from '../../../drivers/contract/device-classes.ts';
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

/** Events other than those of an attempt that announce a movement, and the command each announces. */
const ANNOUNCES: Readonly<Record<string, string>> = {
  'oldCard.acceptCommanded': 'acceptCard',
  'oldCard.returnCommanded': 'returnCard',
  'oldCard.foundAtStart': 'captureCard',
};

const announcing = z.looseObject({
  kind: z.string(),
  command: z.looseObject({ command: z.string() }).optional(),
});
type Announcing = z.infer<typeof announcing>;

/** The command that a state of an attempt announces; the only place that knows how it is written. */
export const attemptCommandOf = (event: { readonly kind: string }): string | undefined =>
  event.kind === 'attempt.stateEntered' ? announcing.parse(event).command?.command : undefined;

/** The command that any event announces. */
const announcedBy = (event: Announcing): string | undefined =>
  attemptCommandOf(event) ?? ANNOUNCES[event.kind];

export interface OrderProof {
  /** Commands that move media, in the order in which their first byte went to a device host. */
  readonly commands: readonly string[];
  /** Those whose announcement a power cut at that moment would have lost. */
  readonly unannounced: readonly string[];
}

const body = z.object({ event: announcing });

/**
 * Holds each command that moves media against the disk as it was flushed at that moment: the n-th command
 * of a name needs n announcements of it on a disk that keeps nothing but what was flushed.
 */
export function proveOrder(base: Image, trace: readonly Traced[], folder: string): OrderProof {
  const disk = new Disk(base);
  const before = announcedIn(disk.image([]), folder);
  const given = new Map(before);
  const commands: string[] = [];
  const unannounced: string[] = [];
  for (const traced of trace) {
    disk.apply(traced);
    if (traced.op !== 'command') continue;
    const { command } = commandIn(traced);
    if (!movingCommands.has(command)) continue;
    const nth = (given.get(command) ?? 0) + 1;
    given.set(command, nth);
    commands.push(command);
    if ((announcedIn(disk.image([]), folder).get(command) ?? 0) < nth) unannounced.push(command);
  }
  return { commands, unannounced };
}

/** How often each command is announced in the journal of an image. */
function announcedIn(image: Image, folder: string): Map<string, number> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'anj-img-'));
  const counts = new Map<string, number>();
  try {
    writeImage(root, '.', image);
    const database = new DatabaseSync(path.join(root, folder, 'journal.db'));
    for (const row of database.prepare('SELECT body FROM rows').iterate()) {
      const { event } = body.parse(JSON.parse(z.object({ body: z.string() }).parse(row).body));
      const name = announcedBy(event);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    database.close();
  } finally {
    rmSync(root, { recursive: true });
  }
  return counts;
}
