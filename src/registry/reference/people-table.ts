import * as z from 'zod';
import { fingerprintSchema, type Fingerprint } from '../ports.ts';
import type { RegistryContext } from './context.ts';
import type { RegistryDatabase } from './database.ts';
import { generatePopulation } from './people/generate.ts';
import {
  familySchema,
  personSchema,
  type Family,
  type Person,
  type Standing,
} from './people/person.ts';
import { loadRegions } from './people/regions.ts';
import type { PinRecord } from './secrets.ts';

const SEED = 2019_11_25;

/** Fills an empty registry; one that has people keeps them. */
export async function seedPeople(db: RegistryDatabase, now: number): Promise<void> {
  const asOf = `${new Date(now).getUTCFullYear()}-01-01`;
  if (db.prepare('SELECT 1 FROM people LIMIT 1').get() !== undefined) return;
  const { families, people } = generatePopulation(SEED, asOf, await loadRegions());
  const putFamily = db.prepare('INSERT INTO families (kk_number, json) VALUES (?, ?)');
  const putPerson = db.prepare(
    `INSERT INTO people (person_id, nik, kk_number, position, name, birth_date, json)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  db.transaction(() => {
    for (const family of families) putFamily.run(family.kkNumber, JSON.stringify(family));
    for (const person of people) {
      const { personId, nik, kkNumber, position, name, birthDate } = person;
      putPerson.run(personId, nik, kkNumber, position, name, birthDate, JSON.stringify(person));
    }
    db.prepare("INSERT INTO meta (name, value) VALUES ('peopleAsOf', ?)").run(asOf);
  })();
}

const jsonRow = z.object({ json: z.string() });
const toPerson = (row: unknown): Person => personSchema.parse(JSON.parse(jsonRow.parse(row).json));

export function findPerson(db: RegistryDatabase, personId: string): Person | null {
  const row = db.prepare('SELECT json FROM people WHERE person_id = ?').get(personId);
  return row === undefined ? null : toPerson(row);
}

export function findPersonByNik(db: RegistryDatabase, nik: string): Person | null {
  const row = db.prepare('SELECT json FROM people WHERE nik = ?').get(nik);
  return row === undefined ? null : toPerson(row);
}

/** Members in the order of the KK. */
export function membersOf(db: RegistryDatabase, kkNumber: string): readonly Person[] {
  return db
    .prepare('SELECT json FROM people WHERE kk_number = ? ORDER BY position')
    .all(kkNumber)
    .map(toPerson);
}

export function familyOf(db: RegistryDatabase, kkNumber: string): Family {
  const row = db.prepare('SELECT json FROM families WHERE kk_number = ?').get(kkNumber);
  return familySchema.parse(JSON.parse(jsonRow.parse(row).json));
}

export function allPeople(db: RegistryDatabase): readonly Person[] {
  return db.prepare('SELECT json FROM people ORDER BY kk_number, position').all().map(toPerson);
}

export function setStanding(ctx: RegistryContext, person: Person, standing: Standing): void {
  ctx.db
    .prepare('UPDATE people SET json = ? WHERE person_id = ?')
    .run(JSON.stringify({ ...person, standing }), person.personId);
}

const fingerRow = z.object({
  finger: fingerprintSchema.shape.finger,
  format: fingerprintSchema.shape.format,
  template: z.instanceof(Buffer),
});

/** The recorded fingers of a person: the index fingers first, the right one at the front; none of most. */
export const fingerprintsOf = (db: RegistryDatabase, personId: string): readonly Fingerprint[] =>
  db
    .prepare(
      `SELECT finger, format, template FROM fingerprints WHERE person_id = ?
       ORDER BY finger NOT LIKE '%Index', finger NOT LIKE 'right%', finger`,
    )
    .all(personId)
    .map((row) => {
      const { template, ...of } = fingerRow.parse(row);
      return { ...of, templateBase64: template.toString('base64') };
    });

/** Records a finger, or records it anew. */
export function recordFingerprint(
  db: RegistryDatabase,
  personId: string,
  { finger, format, templateBase64 }: Fingerprint,
): void {
  db.prepare(
    `INSERT OR REPLACE INTO fingerprints (person_id, finger, format, template)
     VALUES (?, ?, ?, ?)`,
  ).run(personId, finger, format, Buffer.from(templateBase64, 'base64'));
}

const pinRow = z.object({
  salt: z.instanceof(Buffer).nullable(),
  hash: z.instanceof(Buffer).nullable(),
});

/** Null for somebody who never registered. */
export function pinRecordOf(db: RegistryDatabase, personId: string): PinRecord | null {
  const row = db
    .prepare('SELECT pin_salt AS salt, pin_hash AS hash FROM people WHERE person_id = ?')
    .get(personId);
  const { salt, hash } = pinRow.parse(row);
  return salt === null || hash === null ? null : { salt, hash };
}

export function storePin(db: RegistryDatabase, personId: string, pin: PinRecord): void {
  db.prepare('UPDATE people SET pin_salt = ?, pin_hash = ? WHERE person_id = ?').run(
    pin.salt,
    pin.hash,
    personId,
  );
}
