import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { docGenerators } from '../../scripts/docs/generators.ts';
import { newCollectionCode } from '../../src/domain/collection-code.ts';
import { catalogue, journalEventSchema } from '../../src/journal/catalogue.ts';

interface Leaf {
  readonly where: string;
  readonly title?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
}

/** Every text that an event may hold and that is not one of a few fixed words. */
function freeTexts(): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (where: string, form: unknown): void => {
    if (typeof form !== 'object' || form === null) return;
    const node = form as Record<string, unknown>;
    if (node['type'] === 'string' && node['enum'] === undefined && node['const'] === undefined) {
      leaves.push({ ...(node as object), where });
    }
    for (const [name, member] of Object.entries(node)) visit(`${where}.${name}`, member);
  };
  for (const schema of catalogue) {
    visit(schema.shape.kind.value, z.toJSONSchema(schema));
  }
  return leaves;
}

const nik = '9902014501900001';
const collectionCode = newCollectionCode();
const fullName = 'SITI AMINAH';
const pin = '482913';
const printCode = '73918264';

describe('the event catalogue', () => {
  it('gives every free text a form and a length', () => {
    const leaves = freeTexts();
    expect(leaves.length).toBeGreaterThan(50);
    expect(
      leaves.filter(({ pattern, maxLength }) => pattern === undefined || maxLength === undefined),
    ).toEqual([]);
  });

  it.each([nik, `x${nik}`, collectionCode, fullName, "D'SOUZA ANAK", 'JL. MERDEKA 1'])(
    'has no form that %s fits',
    (canary) => {
      const fits = freeTexts().filter(({ pattern }) => new RegExp(pattern ?? '', 'u').test(canary));
      expect(fits.map(({ where }) => where)).toEqual([]);
    },
  );

  it.each([pin, printCode, `a${pin}`, 'SITI'])(
    'lets %s fit nothing but numbers that others gave',
    (canary) => {
      const fits = freeTexts().filter(({ pattern }) => new RegExp(pattern ?? '', 'u').test(canary));
      const titles = new Set(fits.map(({ title }) => title));
      expect([...titles].filter((t) => t !== 'reference' && t !== 'stock number')).toEqual([]);
    },
  );

  it('refuses data that an event does not declare', () => {
    const event = { kind: 'core.stopped', reason: 'asked' };
    expect(journalEventSchema.safeParse(event).success).toBe(true);
    expect(journalEventSchema.safeParse({ ...event, name: fullName }).success).toBe(false);
  });

  it('names every event as area, object and past verb, and says in a sentence what it means', () => {
    for (const schema of catalogue) {
      expect(schema.shape.kind.value).toMatch(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/);
      expect(schema.description).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('generated documents', () => {
  it.each(docGenerators)('$path is what the code says now', async ({ path, render }) => {
    const written = readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
    expect(written).toBe(await render());
  });
});
