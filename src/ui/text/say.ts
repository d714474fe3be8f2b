import { createInstance } from 'i18next';
import en from '../../../assets/strings/en.json';
import id from '../../../assets/strings/id.json';
import type { Language } from '../../rpc/citizen-view.ts';

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string
    ? `${Prefix}${WithoutVariant<K>}`
    : Leaves<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** `intro_other` is the plural of `intro`, `action_office` the variant for a given office. */
type WithoutVariant<K extends string> = K extends `${infer Base}_${string}` ? Base : K;

/** Every sentence that the language files hold; another key does not compile. */
export type TextKey = Leaves<typeof id>;
export type TextValues = Readonly<Record<string, string | number>>;
export type Say = (key: TextKey, values?: TextValues) => string;

const catalogue = createInstance();
void catalogue.init({
  resources: { id: { translation: id }, en: { translation: en } },
  supportedLngs: ['id', 'en'],
  lng: 'id',
  fallbackLng: false,
  initAsync: false,
  // React escapes what it renders.
  interpolation: { escapeValue: false },
});

/** The sentences of one language. A value named `count` picks the plural, `context` the variant. */
export function sayIn(language: Language): Say {
  const translate = catalogue.getFixedT(language);
  return (key, values) => translate(key, { ...values });
}
