import { assert } from '../../base/assert.ts';

export type Values = Readonly<Record<string, string>>;

const PLACEHOLDER = /\{(\w+)\}/g;

export const placeholdersOf = (template: string): string[] =>
  Array.from(template.matchAll(PLACEHOLDER), (match) => match[1] ?? '');

/** Puts values in their places. A value that looks like a place is not looked at again. */
export function fillTemplate(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (_place, name: string) => {
    const value = values[name];
    assert(value !== undefined, `no value for {${name}}`);
    return value;
  });
}
