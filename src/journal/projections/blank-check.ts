import type { Database } from '../../store/database.ts';
import { readRowBody } from '../chain/row-body.ts';
import { feederOf, serialsOf } from './blanks.ts';
import type { StateMismatch } from './state-check.ts';

/** Where a blank lies or what became of it. */
interface Place {
  readonly kind: string;
  feeder: string;
  state: string;
}

/** A move as it is told, or the whole body of a row that tells of a range. */
type Told = readonly [
  seq: number,
  serial: string | null,
  to: string,
  feeder: string | null,
  body: Uint8Array | null,
];

// Of moves, which are many, three members and no more, and by their index: whole bodies would take a start
// as long again. A body that is no JSON tells nothing, and so the table says something else.
const TOLD = `SELECT seq, json_extract(body, '$.event.blank.serial'), json_extract(body, '$.event.to'),
    json_extract(body, '$.event.feeder'), NULL
  FROM rows INDEXED BY rows_blank_moved_at WHERE kind = 'blank.moved' AND json_valid(body)
  UNION ALL SELECT seq, NULL, NULL, NULL, CAST(body AS BLOB) FROM rows
  WHERE asked_kind IN ('blank.loaded', 'blank.unloaded', 'blank.foundAtCount') ORDER BY 1`;

/**
 * Says where the table of blanks first has another kind, feeder, place or fate than the events: a start
 * can afford all blanks, each of them few rows, where SQLite's own check reads the whole file.
 */
export function checkBlanks(database: Database): StateMismatch | null {
  const folded = foldBlanks(database.iterateRaw(TOLD) as unknown as Iterable<Told>);
  const stored = database.iterateRaw('SELECT serial, kind, feeder, state FROM blanks');
  for (const [serial, ...place] of stored) {
    const { kind, feeder, state } = folded.get(String(serial)) ?? {};
    const isSame = place[0] === kind && place[1] === feeder && place[2] === state;
    if (!isSame) return { table: 'blanks', key: String(serial) };
    folded.delete(String(serial));
  }
  const [missing] = folded.keys();
  return missing === undefined ? null : { table: 'blanks', key: missing };
}

function foldBlanks(rows: Iterable<Told>): Map<string, Place> {
  const blanks = new Map<string, Place>();
  for (const [seq, serial, to, feeder, body] of rows) {
    if (body !== null) foldRange(blanks, seq, body);
    const blank = blanks.get(serial ?? '');
    if (blank === undefined) continue;
    blank.state = to;
    blank.feeder = feeder ?? blank.feeder;
  }
  return blanks;
}

function foldRange(blanks: Map<string, Place>, seq: number, body: Uint8Array): void {
  const event = readRowBody(seq, body)?.event;
  if (event?.kind === 'blank.foundAtCount') {
    const { blank, place } = event;
    const found = { kind: blank.kind, feeder: feederOf(place), state: 'unresolved' };
    blanks.set(blank.serial, found);
  }
  if (event?.kind === 'blank.loaded') {
    const { blankKind: kind, feeder } = event;
    for (const serial of serialsOf(event)) blanks.set(serial, { kind, feeder, state: 'inFeeder' });
  }
  if (event?.kind === 'blank.unloaded') {
    for (const serial of serialsOf(event)) {
      const blank = blanks.get(serial);
      if (blank !== undefined) blank.state = 'returned';
    }
  }
}
