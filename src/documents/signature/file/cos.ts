/** An object of a PDF (ISO 32000-1, 7.3). Text is Latin-1: one character a byte. */
export type Cos =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'string'; readonly value: string; readonly hexadecimal: boolean }
  | { readonly kind: 'reference'; readonly number: number }
  | { readonly kind: 'array'; readonly items: readonly Cos[] }
  | CosDictionary;

export interface CosDictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, Cos>;
}

/** Where the numbers of a PDF count from is its first byte. */
export interface IndirectObject {
  readonly number: number;
  readonly offset: number;
  readonly value: Cos;
  /** Of a stream: its bytes as they stand in the file. */
  readonly stream: Uint8Array | null;
}

export const isName = (value: Cos | undefined, name: string): boolean =>
  value?.kind === 'name' && value.value === name;

export const integerOf = (value: Cos | undefined): number | null =>
  value?.kind === 'number' && Number.isInteger(value.value) ? value.value : null;
