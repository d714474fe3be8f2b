import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { languageSchema, type Language } from '../../src/rpc/citizen-view.ts';

/**
 * Small words that hardly a sentence does without, and that the other language has not got. Words that both
 * have, such as `no` for a number, are left out.
 */
const smallWords: Readonly<Record<Language, string>> = {
  id: `ada adalah agar akan Anda atau bagi bahwa belum bila boleh bukan dalam dan dapat dari dengan di dulu hanya
    harus ini itu jadi jangan jika juga kami karena kecuali ke kepada kita lagi lalu masih mereka namun oleh pada
    para pernah saat saja sampai saya sebelum sebuah secara sedang segera sejak semua seperti serta setelah setiap
    silakan sudah supaya tanpa telah terlalu tersebut tetap tetapi tidak tolong untuk yang`,
  en: `about after again all an and another any are as at be because been before being but by can cannot could did
    do does each every for from had has have how if in into is it its may more most must never no not now of off on
    once one only or other our out over please shall should so some such than that the their them then there these
    they this those to too under until up was were what when where which who whose will with without would yet you
    your`,
};
const other: Readonly<Record<Language, Language>> = { id: 'en', en: 'id' };

/** What is called so in every language, and the places of values; other names hold none of the small words. */
const NAMES = /Kependudukan dan Pencatatan Sipil|\{\{\w+\}\}/g;

/** The small words of the other language that stand in a sentence of this one. */
function foreignWords(language: Language, sentence: string): readonly string[] {
  const foreign = new Set(smallWords[other[language]].toLowerCase().split(/\s+/));
  const words =
    sentence
      .replace(NAMES, ' ')
      .toLowerCase()
      .match(/[a-z'’-]+/g) ?? [];
  return words.filter((word) => foreign.has(word));
}

type Tree = string | { readonly [key: string]: Tree };
const treeSchema: z.ZodType<Tree> = z.lazy(() =>
  z.union([z.string(), z.record(z.string(), treeSchema)]),
);
function sentencesOf(name: string): readonly (readonly [string, string])[] {
  const file = join(import.meta.dirname, '../../assets/strings', name);
  return flat(treeSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), name);
}
const flat = (tree: Tree, path: string): readonly (readonly [string, string])[] =>
  typeof tree === 'string'
    ? [[path, tree]]
    : Object.entries(tree).flatMap(([key, inner]) => flat(inner, `${path}.${key}`));

const files = languageSchema.options.flatMap((language) =>
  ['', 'console-'].map((audience) => [`${audience}${language}.json`, language] as const),
);

describe('each language file', () => {
  it.each(files)('%s keeps to its one language', (name, language) => {
    const sentences = sentencesOf(name);
    expect(sentences.length).toBeGreaterThan(300);
    const mixed = sentences
      .map(([key, sentence]) => [key, foreignWords(language, sentence)] as const)
      .filter(([, words]) => words.length > 0);
    expect(mixed).toEqual([]);
  });
});

describe('a sentence of the other language', () => {
  it.each([
    ['id', 'Please take your card', ['please', 'your']],
    ['id', 'Kartu is not ready', ['is', 'not']],
    ['id', 'Printer macet. The printer is jammed.', ['the', 'is']],
    ['en', 'Kartu Anda tidak diambil', ['anda', 'tidak']],
    ['en', 'The card dengan cip', ['dengan']],
    ['id', 'Kartu macet di printer', []],
    ['en', 'Dinas Kependudukan dan Pencatatan Sipil of {{yang}}', []],
  ] as const)('is found in %s by its small words: %s', (language, sentence, words) => {
    expect(foreignWords(language, sentence)).toEqual(words);
  });

  it.each(languageSchema.options)('would be found if it stood in the file of %s', (language) => {
    const long = files
      .filter(([, of]) => of === other[language])
      .flatMap(([name]) => sentencesOf(name))
      .filter(([, sentence]) => sentence.split(' ').length >= 8);
    const found = long.filter(([, sentence]) => foreignWords(language, sentence).length > 0);
    expect(found.length / long.length).toBeGreaterThan(0.95);
  });
});
