import BetterSqlite3 from 'better-sqlite3';

/** Tables with the columns that are read of each, the first of them in order. */
type Columns = Readonly<Record<string, readonly string[]>>;

/** All that the journal returns as evidence; `FORMAT.md` says why. */
export const evidence: Columns = {
  rows: ['seq', 'body', 'hash'],
  checkpoints: ['size', 'head', 'at_ms', 'terminal_id', 'algorithm', 'signature'],
  vault: ['case_id', 'session_id', 'request_id', 'nonce', 'ciphertext'],
  staff_notes: ['seq', 'name', 'reason'],
  people: ['person_id', 'name', 'roles_json', 'disabled'],
};

/** Everything else that stands in a table. */
export const workingState: Columns = {
  vault: ['case_id', 'sealed_at_ms'],
  attempts: [
    ...['opened_seq', 'attempt_id', 'session_id', 'request_id', 'document_kind', 'state'],
    ...['outcome', 'evidence', 'fault_code', 'blank_serial', 'opened_at_ms', 'settled_seq'],
    ...['updated_seq', 'updated_at_ms', 'detail_json'],
  ],
  blanks: [
    ...['serial', 'batch', 'kind', 'feeder', 'state', 'source', 'attempt_id', 'loaded_seq'],
    ...['place_in_range', 'updated_seq'],
  ],
  old_cards: ['captured_seq', 'attempt_id', 'request_id', 'captured_at_ms'],
  stock_incidents: [
    ...['incident_id', 'what', 'incident_json', 'attempt_id', 'found_seq', 'found_at_ms'],
    ...['finding', 'closed_seq', 'closed_at_ms'],
  ],
  outbox: [
    ...['id', 'lane', 'idempotency_key', 'message_json', 'state', 'tries', 'enqueued_at_ms'],
  ],
  people: [
    ...['person_id', 'password_salt', 'password_hash', 'password_params_json'],
    ...['created_at_ms', 'password_is_own'],
  ],
  sign_ins: ['person_id', 'failures'],
};

/** Tables that our verifier folds from the events, with what they decide of each. */
const folded: readonly string[] = ['attempts', 'blanks', 'old_cards', 'stock_incidents'];
const DETAIL = workingState['attempts']?.indexOf('detail_json') ?? -1;

/** Every value of these tables with its type, by table. */
export type Dump = Readonly<Record<string, readonly string[]>>;

/** Each null where it cannot be read. */
interface Contents {
  readonly evidence: Dump | null;
  readonly workingState: Dump | null;
}

export function contentsOf(file: string): Contents {
  const database = new BetterSqlite3(file, { readonly: true });
  database.defaultSafeIntegers(true);
  try {
    return {
      evidence: dumpOrNull(database, evidence),
      workingState: dumpOrNull(database, workingState),
    };
  } finally {
    database.close();
  }
}

function dump(database: BetterSqlite3.Database, tables: Columns): Dump {
  const typed = (columns: readonly string[]): string =>
    columns.map((name) => `typeof(${name}) || ':' || hex(${name})`).join(" || '|' || ");
  // Of the tables themselves: an index may still hold what a table no longer does.
  const select = (table: string, columns: readonly string[]): string =>
    `SELECT ${typed(columns)} FROM ${table} NOT INDEXED ORDER BY ${columns[0] ?? ''}`;
  return Object.fromEntries(
    Object.entries(tables).map(([table, columns]) => [
      table,
      database.prepare(select(table, columns)).pluck().all() as string[],
    ]),
  );
}

const dumpOrNull = (database: BetterSqlite3.Database, tables: Columns): Dump | null => {
  try {
    return dump(database, tables);
  } catch (error) {
    // By name: the native module keeps the classes of the first test file that loaded it, Object too.
    if (typeof error === 'object' && error !== null && 'name' in error) {
      if (error.name === 'SqliteError') return null;
    }
    throw error;
  }
};

/** What the events decide; null where it cannot be read. */
export const foldedOf = (state: Dump | null): string | null =>
  state === null
    ? null
    : JSON.stringify(
        folded.map((table) =>
          state[table]?.map((row) => {
            const values = row.split('|');
            return table === 'attempts' ? values.toSpliced(DETAIL, 1) : values;
          }),
        ),
      );
