import en from '../../../assets/strings/en.json';
import id from '../../../assets/strings/id.json';
import { sentencesOf, type KeysOf, type SayOf } from './sentences.ts';

export type { TextValues } from './sentences.ts';

/** Every sentence of the citizen's pages; another key does not compile. */
export type TextKey = KeysOf<typeof id>;
export type Say = SayOf<typeof id>;

/** The sentences of one language. A value named `count` picks the plural, `context` the variant. */
export const sayIn = sentencesOf({ id, en });
