import { err, ok, type Result } from '../../base/result.ts';
import type { Blank, BlankKind, Mode } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import { serialsOfRange } from '../../journal/projections/serial-range.ts';
import type { BlankState } from '../../journal/events/stock.ts';
import { areTwo, type People, type StockRefusal } from './refusals.ts';

/** Blanks of one batch with serials that count up. */
export interface BlankRange {
  readonly feeder: string;
  readonly kind: BlankKind;
  readonly batch: string;
  /** Ends in digits; the others of the range count up from it. */
  readonly firstSerial: string;
  readonly count: number;
}

/** What loading asks of the ledger. */
export interface KnownBlanks {
  readonly mode: Mode;
  find(serial: string): (Blank & { readonly feeder: string; readonly place: BlankState }) | null;
  kindIn(feeder: string): BlankKind | null;
  isOutcomeOpen(serial: string): boolean;
}

export interface ConfiguredFeeder {
  readonly name: string;
  readonly blankKind: BlankKind;
}

/** What the configuration has against blanks of this kind in this feeder; null: nothing. */
export function feederFault(
  feeders: readonly ConfiguredFeeder[],
  { feeder, kind }: Pick<BlankRange, 'feeder' | 'kind'>,
): StockRefusal | null {
  const configured = feeders.find(({ name }) => name === feeder);
  if (configured === undefined) {
    return { kind: 'unknownFeeder', feeder, known: feeders.map(({ name }) => name) };
  }
  const { blankKind } = configured;
  return blankKind === kind ? null : { kind: 'feederOfOtherKind', feeder, blankKind };
}

/**
 * What the record is to say of blanks that two people put into a feeder. Nobody need have loaded them
 * only where a simulated cabinet of specimen mode fills itself.
 */
export function planLoad(
  stock: KnownBlanks,
  range: BlankRange,
  by: People,
): Result<readonly JournalEvent[], StockRefusal> {
  const bySimulator = by.length === 0 && stock.mode === 'specimen';
  if (!bySimulator && !areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const serials = serialsOfRange(range.firstSerial, range.count);
  if (!serials.ok) return err({ kind: 'serialsMalformed' });
  const known = serials.value.find(
    (serial) => (stock.find(serial)?.place ?? 'returned') !== 'returned',
  );
  if (known !== undefined) return err({ kind: 'loadedBefore', serial: known });
  const other = stock.kindIn(range.feeder);
  if (other !== null && other !== range.kind) {
    return err({ kind: 'otherKindInFeeder', loaded: other });
  }
  return ok([{ kind: 'blank.loaded', ...rangeOf(range), by: [...by] }]);
}

/**
 * What the record is to say of blanks that two people took out and gave back: whole from a feeder, or
 * one that a count left unresolved.
 */
export function planUnload(
  stock: KnownBlanks,
  range: BlankRange,
  by: People,
): Result<readonly JournalEvent[], StockRefusal> {
  if (!areTwo(by)) return err({ kind: 'twoPeopleNeeded' });
  const serials = serialsOfRange(range.firstSerial, range.count);
  if (!serials.ok) return err({ kind: 'serialsMalformed' });
  const blanks = serials.value.map((serial) => ({ serial, blank: stock.find(serial) }));
  const from = blanks[0]?.blank?.place === 'unresolved' ? 'unresolved' : 'inFeeder';
  for (const { serial, blank } of blanks) {
    const isThere =
      blank !== null &&
      blank.place === from &&
      blank.feeder === range.feeder &&
      blank.kind === range.kind &&
      blank.batch === range.batch;
    if (!isThere) return err({ kind: 'notInPlace', serial });
    if (stock.isOutcomeOpen(serial)) return err({ kind: 'outcomeOpen', serial });
  }
  const origin = from === 'unresolved' ? { from: 'unresolved' as const } : {};
  return ok([{ kind: 'blank.unloaded', ...rangeOf(range), ...origin, by: [...by] }]);
}

const rangeOf = ({ batch, kind, feeder, firstSerial, count }: BlankRange) => ({
  batch,
  blankKind: kind,
  feeder,
  firstSerial,
  count,
});
