import BetterSqlite3 from 'better-sqlite3';
import type * as z from 'zod';
import { InvariantError } from '../base/assert.ts';
import type { SqlValue, SqlWriter } from './sql.ts';

/** One open SQLite connection. Statements are prepared once; everything is synchronous. */
export class Database implements SqlWriter {
  readonly #connection: BetterSqlite3.Database;
  readonly #statements = new Map<string, BetterSqlite3.Statement>();
  readonly #inTransaction: BetterSqlite3.Transaction<(work: () => unknown) => unknown>;

  constructor(connection: BetterSqlite3.Database) {
    this.#connection = connection;
    this.#inTransaction = connection.transaction((work: () => unknown) => work());
  }

  get path(): string {
    return this.#connection.name;
  }

  get<S extends z.ZodType>(schema: S, sql: string, ...params: readonly SqlValue[]) {
    const row: unknown = this.#prepare(sql).get(...params);
    return row === undefined ? undefined : parseRow(schema, row);
  }

  all<S extends z.ZodType>(schema: S, sql: string, ...params: readonly SqlValue[]): z.infer<S>[] {
    return this.#prepare(sql)
      .all(...params)
      .map((row) => parseRow(schema, row));
  }

  *iterate<S extends z.ZodType>(schema: S, sql: string, ...params: readonly SqlValue[]) {
    // A statement of its own: a cached one could not be used again while this one is being read.
    const rows = this.#connection.prepare(sql).iterate(...params);
    for (const row of rows) yield parseRow(schema, row);
  }

  /** Rows as arrays of columns, unparsed: for scans of millions of rows. Begins when it is first read. */
  *iterateRaw(sql: string, ...params: readonly SqlValue[]): IterableIterator<unknown[]> {
    const rows = this.#connection
      .prepare(sql)
      .raw(true)
      .iterate(...params);
    yield* rows as IterableIterator<unknown[]>;
  }

  run(sql: string, ...params: readonly SqlValue[]): number {
    return this.#prepare(sql).run(...params).changes;
  }

  /** Several statements without parameters, such as a migration. */
  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** Keeps all that `work` writes, or, when it throws, nothing. Returns after the disk has it. */
  transaction<T>(work: () => T): T {
    return this.#inTransaction.immediate(work) as T;
  }

  pragma(text: string): unknown {
    return this.#connection.pragma(text, { simple: true });
  }

  /** Every line of a pragma that answers with a list, such as `quick_check`. */
  pragmaLines(name: string): string[] {
    const rows = this.#connection.pragma(name) as Record<string, unknown>[];
    return rows.map((row) => String(row[name]));
  }

  close(): void {
    this.#connection.close();
  }

  #prepare(sql: string): BetterSqlite3.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function parseRow<S extends z.ZodType>(schema: S, row: unknown): z.infer<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  // The value itself is left out: it may be what made the row personal.
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new InvariantError(`a stored row has another shape than the program writes, at: ${where}`);
}
