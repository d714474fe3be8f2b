import type { Database } from '../../store/database.ts';
import { storageFaultOf } from '../../store/faults.ts';
import type { RawRow } from './chain.ts';

/** How many rows SQLite hands over at once: each crossing into JavaScript costs more than a hash. */
const ROWS_AT_ONCE = 500;
const HASH_BYTES = 32;

/**
 * Rows after `afterSeq` as they are stored, in their order. Bodies are bytes: text that is no UTF-8 must
 * not be repaired on the way. Every number, body and hash comes from the file; where SQLite hands over
 * something else than that many whole rows, they are read again one by one.
 */
export function* rawRows(database: Database, afterSeq: number): IterableIterator<RawRow> {
  let after = afterSeq;
  for (;;) {
    const chunk = readChunk(database, after);
    if (chunk === null) {
      yield* oneByOne(database, after);
      return;
    }
    if (chunk.length === 0) return;
    yield* chunk;
    after = chunk.at(-1)?.[0] ?? after;
  }
}

const CHUNK_QUERY = `SELECT group_concat(seq || ' ' || octet_length(body), ' '),
    CAST(group_concat(body, '') AS BLOB), CAST(group_concat(hash, '') AS BLOB),
    count(*) FILTER (WHERE typeof(body) <> 'text' OR typeof(hash) <> 'blob')
  FROM (SELECT seq, body, hash FROM rows WHERE seq > ? ORDER BY seq LIMIT ${ROWS_AT_ONCE})`;

/** Up to 500 rows in one call; null where they cannot be read, or do not come apart again as they must. */
function readChunk(database: Database, after: number): RawRow[] | null {
  const [numbers, bodies, hashes, ofOtherTypes] = aggregate(database, after);
  if (ofOtherTypes !== 0) return null;
  if (numbers === null) return [];
  if (typeof numbers !== 'string' || !Buffer.isBuffer(bodies) || !Buffer.isBuffer(hashes)) {
    return null;
  }
  const words = numbers.split(' ');
  const rows: RawRow[] = [];
  let last = after;
  let bodyAt = 0;
  for (let word = 0; word < words.length; word += 2) {
    const seq = Number(words[word]);
    const length = Number(words[word + 1]);
    // Out of order or beyond what a number can say: SQLite would not find its place again.
    if (!(seq > last && Number.isSafeInteger(seq))) return null;
    last = seq;
    const hashAt = rows.length * HASH_BYTES;
    rows.push([
      seq,
      bodies.subarray(bodyAt, bodyAt + length),
      hashes.subarray(hashAt, hashAt + HASH_BYTES),
    ]);
    bodyAt += length;
  }
  return bodyAt === bodies.length && rows.length * HASH_BYTES === hashes.length ? rows : null;
}

function aggregate(database: Database, after: number): unknown[] {
  try {
    return [...database.iterateRaw(CHUNK_QUERY, after)][0] ?? [];
  } catch (error) {
    // One bad page fails the whole chunk; one by one, the rows before it are still read.
    if (storageFaultOf(error, database.path) === 'damaged') return [];
    throw error;
  }
}

/** Null in place of a value that is not of the type the program writes. */
const oneByOne = (database: Database, after: number): IterableIterator<RawRow> =>
  database.iterateRaw(
    `SELECT seq, CASE typeof(body) WHEN 'text' THEN CAST(body AS BLOB) END,
       CASE typeof(hash) WHEN 'blob' THEN hash END
     FROM rows WHERE seq > ? ORDER BY seq`,
    after,
  ) as unknown as IterableIterator<RawRow>;
