import { createInstance } from 'i18next';
import type { Language } from '../../rpc/citizen-view.ts';

/** Every key of a language file; a key that no file holds does not compile. */
export type KeysOf<T> = Leaves<T>;
export type TextValues = Readonly<Record<string, string | number>>;
export type SayOf<T> = (key: KeysOf<T>, values?: TextValues) => string;

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Prefix}${WithoutVariant<K>}`
    : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** `intro_other` is the plural of `intro`, `action_office` the variant for a given office. */
type WithoutVariant<K extends string> = K extends `${infer Base}_${string}` ? Base : K;

/**
 * The sentences of one audience: one file a language, the Indonesian one giving the keys. A value named
 * `count` picks the plural, `context` the variant.
 */
export function sentencesOf<T extends object>(files: {
  readonly id: T;
  readonly en: object;
}): (language: Language) => SayOf<T> {
  const catalogue = createInstance();
  void catalogue.init({
    resources: { id: { translation: files.id }, en: { translation: files.en } },
    supportedLngs: ['id', 'en'],
    lng: 'id',
    fallbackLng: false,
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
  });
  return (language) => {
    const translate = catalogue.getFixedT(language);
    return (key, values) =>
      translate<string, Record<string, string | number>, string>(key, { ...values });
  };
}
