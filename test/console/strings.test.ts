import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  deviceClassSchema,
  deviceStateSchema,
  mediaPositionSchema,
  requiredActionSchema,
} from '../../drivers/contract/words.ts';
import { deviceClasses } from '../../drivers/contract/device-classes.ts';
import { attemptStateSchema, evidenceSchema, outcomeSchema } from '../../src/domain/attempt.ts';
import { documentKindSchema } from '../../src/domain/document.ts';
import { blankStateSchema } from '../../src/journal/events/stock.ts';
import { catalogue } from '../../src/journal/catalogue.ts';
import { breakReasons } from '../../src/journal/verify/report.ts';
import {
  languageSchema,
  outOfServiceReasonSchema,
  unavailableReasonSchema,
  waySchema,
} from '../../src/rpc/citizen-view.ts';
import { whoActsSchema } from '../../src/rpc/who-acts.ts';
import { waitsForPeopleReasons } from '../../src/rpc/waits-for-people.ts';
import { consoleRefusalSchema, unanchoredReasonSchema } from '../../src/rpc/console.ts';

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

function sentencesOf(language: 'id' | 'en'): ReadonlyMap<string, string> {
  const file = join(root, `assets/strings/console-${language}.json`);
  return new Map(flat(treeSchema.parse(JSON.parse(readFileSync(file, 'utf8')))));
}
const sentences = { id: sentencesOf('id'), en: sentencesOf('en') };
const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');

const sources = ['console', 'technician', 'staff'].flatMap((folder) =>
  readdirSync(join(root, 'src/ui', folder)).map((file) => join(root, 'src/ui', folder, file)),
);

describe('the language files of the consoles', () => {
  it('hold the same keys with the same placeholders', () => {
    expect([...sentences.en.keys()]).toEqual([...sentences.id.keys()]);
    const places = (text = ''): readonly string[] =>
      [...new Set(text.match(/\{\{\w+\}\}/g))].sort();
    for (const [key, text] of sentences.id) {
      expect([key, places(sentences.en.get(key))]).toEqual([key, places(text)]);
    }
  });

  it('hold no sentence that no page says', () => {
    const written = sources
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => readFileSync(file, 'utf8').match(/[`'][a-z]\w+(\.[\w${}.]+)*[`']/gi) ?? [])
      .map((literal) => literal.slice(1, -1).replace(/\$\{[^}]*\}/g, '§'));
    const patterns = written
      .filter((key) => /^\w/.test(key) && !/^(console|setup|printLog|attempt)\.§$/.test(key))
      .map((key) => new RegExp(`^${key.replaceAll('.', '\\.').replaceAll('§', '\\w+')}$`));
    // In these groups the last word is put in from a list in the source: it must stand there.
    const named = /^(console|setup|printLog|attempt)\.(\w+)$/;
    const unused = [...sentences.id.keys()]
      .map(withoutPlural)
      .filter((key) => !patterns.some((pattern) => pattern.test(key)))
      .filter((key) => !written.includes(named.exec(key)?.[2] ?? ''));
    expect(unused).toEqual([]);
  });

  const commands = Object.values(deviceClasses).flatMap((one) => Object.keys(one.commands));
  const kindsOfEvents = catalogue.map(({ shape }) => shape.kind.value);
  const enumerations: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['documentName', documentKindSchema.options, []],
    ['wayIn', waySchema.options, []],
    ['reasonAway', unavailableReasonSchema.options, []],
    ['waitsForPeople', waitsForPeopleReasons, []],
    ['closed', outOfServiceReasonSchema.options, ['why', 'action']],
    [
      'refusal',
      [...consoleRefusalSchema.shape.refused.options, 'unreachable', 'unexpected'],
      ['what', 'action'],
    ],
    ['deviceClass', deviceClassSchema.options, []],
    ['deviceState', deviceStateSchema.options, []],
    ['requiredAction', requiredActionSchema.options, []],
    ['whoActs', whoActsSchema.options.filter((who) => who !== 'nobody'), []],
    ['sensor.media', mediaPositionSchema.options, []],
    ['attemptState', attemptStateSchema.options, []],
    ['outcome', outcomeSchema.options, []],
    ['evidence', evidenceSchema.options, []],
    ['blankState', blankStateSchema.options, []],
    ['command', commands, []],
    ['event', kindsOfEvents, []],
    ['verdict.because', unanchoredReasonSchema.options, []],
    ['verdict.reason', breakReasons, []],
  ];
  it.each(
    languageSchema.options.flatMap((language) =>
      enumerations.map((each) => [language, ...each] as const),
    ),
  )('say in %s every member of %s', (language, group, members, leaves) => {
    const keys = members.flatMap((member) =>
      (leaves.length === 0 ? [''] : leaves.map((leaf) => `.${leaf}`)).map(
        (leaf) => `${group}.${member}${leaf}`,
      ),
    );
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => (sentences[language].get(key) ?? '') === '')).toEqual([]);
  });

  it('tell what to do in whole sentences, and address the reader as Anda', () => {
    for (const language of languageSchema.options) {
      const loose = [...sentences[language]].filter(
        ([key, text]) =>
          /^((refusal|closed)\.\w+\.action|waitsForPeople\.\w+)$/.test(key) && !text.endsWith('.'),
      );
      expect(loose).toEqual([]);
    }
    const familiar = [...sentences.id.values()].filter((text) =>
      /\b(kamu|kau|\w+mu)\b/i.test(text),
    );
    expect(familiar).toEqual([]);
  });
});

describe('the style sheets of the consoles', () => {
  const sheets = sources.filter((file) => file.endsWith('.css'));

  it.each(sheets)('%s names roles, never a step of a ramp or a colour of its own', (file) => {
    const sheet = readFileSync(file, 'utf8');
    expect(sheet.match(/--ina-(primary|neutral|guide|positive|warning|negative)-\d+/g)).toBeNull();
    expect(sheet.match(/#[0-9a-f]{3,8}\b/gi)).toBeNull();
    expect(sheet).not.toContain('!important');
  });
});
