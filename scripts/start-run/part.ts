/** A program among those that run here. When one ends by itself, the rest is of no use. */
export interface Part {
  /** As the subject of a sentence. */
  readonly name: string;
  /** Completes when it is gone, however it ended. */
  readonly ended: Promise<unknown>;
  /** The end of all that it wrote so far. */
  readonly output: () => string;
}

/** What a program said at last, as a sentence of its own. */
export function lastWords(output: string): string {
  const last = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return last === '' ? 'It said nothing.' : `It said last: ${last}`;
}
