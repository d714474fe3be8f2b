import { assert } from '../../base/assert.ts';
import type { SqlWriter } from '../../store/sql.ts';
import type { JournalEventOf } from '../catalogue.ts';
import { serialsOfRange } from './serial-range.ts';
import type { RowContext } from './row-context.ts';

/** A serial that was ever loaded is refused, unless it had been returned. */
export function projectLoaded(
  sql: SqlWriter,
  { seq }: RowContext,
  event: JournalEventOf<'blank.loaded'>,
): void {
  for (const [place, serial] of serialsOf(event).entries()) {
    const changed = sql.run(
      `INSERT INTO blanks (serial, batch, kind, feeder, state, source, loaded_seq, place_in_range,
         updated_seq)
       VALUES (?, ?, ?, ?, 'inFeeder', 'expected', ?, ?, ?)
       ON CONFLICT (serial) DO UPDATE SET batch = excluded.batch, kind = excluded.kind,
         feeder = excluded.feeder, state = 'inFeeder', source = 'expected', attempt_id = NULL,
         loaded_seq = excluded.loaded_seq, place_in_range = excluded.place_in_range,
         updated_seq = excluded.updated_seq
       WHERE blanks.state = 'returned'`,
      serial,
      event.batch,
      event.blankKind,
      event.feeder,
      seq,
      place,
      seq,
    );
    assert(changed === 1, `blank ${serial} was loaded before`);
  }
}

export function projectUnloaded(
  sql: SqlWriter,
  { seq }: RowContext,
  event: JournalEventOf<'blank.unloaded'>,
): void {
  for (const serial of serialsOf(event)) {
    const changed = sql.run(
      `UPDATE blanks SET state = 'returned', updated_seq = ?
       WHERE serial = ? AND feeder = ? AND state = ?`,
      seq,
      serial,
      event.feeder,
      event.from ?? 'inFeeder',
    );
    assert(changed === 1, `blank ${serial} is not in feeder ${event.feeder}`);
  }
}

export function projectMoved(
  sql: SqlWriter,
  { seq }: RowContext,
  event: JournalEventOf<'blank.moved'>,
): void {
  const changed = sql.run(
    `UPDATE blanks SET state = ?, source = ?, attempt_id = ?, feeder = coalesce(?, feeder),
       updated_seq = ?
     WHERE serial = ? AND state = ?`,
    event.to,
    event.blank.source,
    event.attemptId,
    event.feeder ?? null,
    seq,
    event.blank.serial,
    event.from,
  );
  assert(changed === 1, `blank ${event.blank.serial} is not ${event.from}`);
}

/** A serial that the ledger knows cannot be found as one it does not. */
export function projectFoundAtCount(
  sql: SqlWriter,
  { seq }: RowContext,
  { blank, place }: JournalEventOf<'blank.foundAtCount'>,
): void {
  sql.run(
    `INSERT INTO blanks (serial, batch, kind, feeder, state, source, loaded_seq, place_in_range,
       updated_seq)
     VALUES (?, ?, ?, ?, 'unresolved', ?, ?, 0, ?)`,
    blank.serial,
    blank.batch,
    blank.kind,
    feederOf(place),
    blank.source,
    seq,
    seq,
  );
}

/** What the table has as the feeder of a blank that a count found. */
export const feederOf = (place: JournalEventOf<'blank.foundAtCount'>['place']): string =>
  place.in === 'feeder' ? place.feeder : place.in;

export function serialsOf(event: JournalEventOf<'blank.loaded' | 'blank.unloaded'>): string[] {
  const serials = serialsOfRange(event.firstSerial, event.count);
  assert(serials.ok, 'the serials of a range count up from digits at its end');
  return serials.value;
}
