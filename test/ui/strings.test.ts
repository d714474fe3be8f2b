import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { outcomeSchema } from '../../src/domain/attempt.ts';
import { authoritySchema } from '../../src/domain/authority.ts';
import { documentKindSchema } from '../../src/domain/document.ts';
import { paperStopSchema } from '../../src/domain/paper-stop.ts';
import { printStepSchema } from '../../src/domain/print-step.ts';
import { requestReasonSchema, requestStateSchema } from '../../src/domain/request.ts';
import {
  citizenProblemSchema,
  ikmElementSchema,
  languageSchema,
  oldCardFateSchema,
  outOfServiceReasonSchema,
  unavailableReasonSchema,
  waySchema,
} from '../../src/rpc/citizen-view.ts';
import { fateOfCode, fatesTold } from './fate-of-code.ts';

const problems = citizenProblemSchema.options;
const root = join(import.meta.dirname, '../..');
type Tree = string | { readonly [key: string]: Tree };
const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), treeSchema)]),
);

function flat(tree: Tree, path = ''): readonly (readonly [string, string])[] {
  if (typeof tree === 'string') return [[path, tree]];
  return Object.entries(tree).flatMap(([key, inner]) =>
    flat(inner, path === '' ? key : `${path}.${key}`),
  );
}

const catalogues = new Map(
  languageSchema.options.map((language) => {
    const file = join(root, 'assets/strings', `${language}.json`);
    return [language, new Map(flat(treeSchema.parse(JSON.parse(readFileSync(file, 'utf8')))))];
  }),
);
const sentences = (language: 'id' | 'en'): ReadonlyMap<string, string> =>
  catalogues.get(language) ?? new Map();

/** Plural forms differ by language, so a key counts once for all of them. */
const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const withoutVariant = (key: string): string => key.replace(/_\w+$/, '');
const keysOf = (language: 'id' | 'en'): readonly string[] =>
  [...new Set([...sentences(language).keys()].map(withoutPlural))].sort();

/** Keys as the pages write them; a part put in at run time stands as `${…}`. */
function keysWritten(): readonly string[] {
  const folder = join(root, 'src/ui');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap(
      (file) =>
        readFileSync(join(folder, file), 'utf8').match(/[`'][a-z]\w+(\.[\w${}.]+)+[`']/gi) ?? [],
    )
    .map((literal) => literal.slice(1, -1));
}

const asPattern = (written: string): RegExp =>
  new RegExp(
    `^${written
      .replace(/\$\{[^}]*\}/g, '§')
      .replace(/\./g, '\\.')
      .replace(/§/g, '\\w+')}$`,
  );

describe('the language files', () => {
  it('hold the same keys', () => {
    expect(keysOf('en')).toEqual(keysOf('id'));
  });

  it('hold the same placeholders in each sentence', () => {
    const places = (text: string): readonly string[] =>
      [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
    for (const [key, text] of sentences('id')) {
      expect([key, places(sentences('en').get(key) ?? '')]).toEqual([key, places(text)]);
    }
  });

  it('hold no sentence that no page says', () => {
    const patterns = keysWritten().map(asPattern);
    const unused = keysOf('id')
      .map(withoutVariant)
      .filter((key) => !patterns.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });

  it('hold at least one sentence for each key that a page writes', () => {
    const top = new Set([...sentences('id').keys()].map((key) => key.split('.')[0]));
    const known = keysOf('id').map(withoutVariant);
    const missing = keysWritten()
      .filter((written) => top.has(written.split('.')[0] ?? ''))
      .filter((written) => !known.some((key) => asPattern(written).test(key)));
    expect(missing).toEqual([]);
  });

  const enumerations: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['document', documentKindSchema.options, ['name', 'plain']],
    ['way', waySchema.options, ['title', 'need']],
    ['unavailable', unavailableReasonSchema.options, []],
    ['outOfService', outOfServiceReasonSchema.options, ['title', 'body']],
    ['problem', citizenProblemSchema.options, ['what', 'fate', 'action']],
    ['requestState', requestStateSchema.options, []],
    ['reason', requestReasonSchema.options, []],
    ['authority', authoritySchema.options, []],
    ['step', printStepSchema.options, []],
    ['result', outcomeSchema.options, ['card.title', 'card.fate', 'paper.title', 'paper.fate']],
    ['result.oldCardFate', oldCardFateSchema.options.filter((fate) => fate !== 'notConcerned'), []],
    ['satisfaction', ikmElementSchema.options, ['question', '1', '2', '3', '4']],
    ['language', languageSchema.options, []],
  ];
  it.each(
    languageSchema.options.flatMap((language) =>
      enumerations.map((each) => [language, ...each] as const),
    ),
  )('say in %s every member of %s', (language, group, members, leaves) => {
    const keys = members.flatMap((member) =>
      leaves.length === 0
        ? [`${group}.${member}`]
        : leaves.map((leaf) => `${group}.${member}.${leaf}`),
    );
    expect(keys.filter((key) => (sentences(language).get(key) ?? '') === '')).toEqual([]);
  });

  it.each(languageSchema.options)(
    'end what they tell of a problem in %s as whole sentences',
    (language) => {
      const loose = [...sentences(language)].filter(
        ([key, text]) => /^problem\.\w+\.(fate|action)/.test(key) && !text.endsWith('.'),
      );
      expect(loose).toEqual([]);
    },
  );

  it.each([
    ['id', /cetak|keluar|kartu|dokumen/i, /\bkode|permohonan|\bhak\b/i],
    ['en', /print|came out|card|document/i, /\bcode|application|entitlement|right to it/i],
  ] as const)(
    'say in %s of each problem what became of the document and of code or application',
    (language, document, code) => {
      const fates = [...sentences(language)].filter(([key]) => /^problem\.\w+\.fate$/.test(key));
      expect(fates.length).toBe(citizenProblemSchema.options.length);
      const silent = fates.filter(([, fate]) => !document.test(fate) || !code.test(fate));
      expect(silent).toEqual([]);
    },
  );

  it.each(
    languageSchema.options.flatMap((language) => problems.map((code) => [language, code] as const)),
  )('say in %s of %s about the code what is true of it, and nothing else', (language, code) => {
    const fate = sentences(language).get(`problem.${code}.fate`) ?? '';
    expect(fatesTold(language, fate)).toEqual([fateOfCode[code]]);
  });

  it.each(languageSchema.options)('say in %s why the page printer stands still', (language) => {
    const said = paperStopSchema.options.map((cause) =>
      sentences(language).get(`problem.paperStopped.what${cause === 'fault' ? '' : `_${cause}`}`),
    );
    expect(new Set(said).size).toBe(paperStopSchema.options.length);
    expect(said).not.toContain(undefined);
  });

  it('address the citizen as Anda, never as kamu', () => {
    const familiar = [...sentences('id').values()].filter((text) =>
      /\b(kamu|kau|\w+mu)\b/i.test(text),
    );
    expect(familiar.filter((text) => !/\b(temu|semu|jamu|ilmu|bertemu)\b/i.test(text))).toEqual([]);
  });
});

it('never says that an officer has been called: nothing of the machine calls one', () => {
  for (const language of languageSchema.options) {
    for (const [key, sentence] of sentences(language)) {
      expect([key, sentence]).not.toEqual([
        key,
        expect.stringMatching(/sudah dipanggil|petugas dipanggil|been called|officer called/i),
      ]);
    }
  }
});
