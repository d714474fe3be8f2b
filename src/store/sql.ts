import type * as z from 'zod';

export type SqlValue = string | number | bigint | null | Uint8Array;

/** Reads rows and parses each with `schema`: a row of another shape is damage and throws. */
export interface SqlReader {
  get<S extends z.ZodType>(
    schema: S,
    sql: string,
    ...params: readonly SqlValue[]
  ): z.infer<S> | undefined;
  all<S extends z.ZodType>(schema: S, sql: string, ...params: readonly SqlValue[]): z.infer<S>[];
  iterate<S extends z.ZodType>(
    schema: S,
    sql: string,
    ...params: readonly SqlValue[]
  ): IterableIterator<z.infer<S>>;
}

/** A reader that may also write; inside a transaction everything or nothing is kept. */
export interface SqlWriter extends SqlReader {
  /** Returns how many rows were changed. */
  run(sql: string, ...params: readonly SqlValue[]): number;
}
