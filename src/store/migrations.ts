import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Database } from './database.ts';

export interface NewerSchema {
  readonly kind: 'newerSchema';
  readonly found: number;
  readonly supported: number;
}

/** Rows mean something else there: a database is never converted from one format to another. */
export interface OtherFormat {
  readonly kind: 'otherFormat';
}

/**
 * Brings a database to the newest schema: every file `NNN-what.sql` of `folder` beyond the file's
 * `user_version`, all in one transaction. A database that a newer program wrote is refused untouched,
 * and so is one of another format: of another `application_id` than the first step gives.
 */
export function migrate(
  database: Database,
  folder: string,
): Result<number, NewerSchema | OtherFormat> {
  const steps = readSteps(folder);
  const found = z.number().int().parse(database.pragma('user_version'));
  if (found > 0 && database.pragma('application_id') !== formatOf(steps[0] ?? '')) {
    return err({ kind: 'otherFormat' });
  }
  if (found > steps.length) return err({ kind: 'newerSchema', found, supported: steps.length });
  if (found < steps.length) {
    database.transaction(() => {
      for (const sql of steps.slice(found)) database.exec(sql);
      database.pragma(`user_version = ${steps.length}`);
    });
  }
  return ok(steps.length);
}

/** As SQLite takes the number in the first step; without one, that of a file which never got any. */
const formatOf = (firstStep: string): number =>
  Number(/^PRAGMA application_id = (0x[0-9a-f]{8});$/m.exec(firstStep)?.[1] ?? 0);

function readSteps(folder: string): string[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name, index) => {
    const number = String(index + 1).padStart(3, '0');
    assert(name.startsWith(`${number}-`), `migration ${number} is missing before ${name}`);
    return readFileSync(join(folder, name), 'utf8');
  });
}
