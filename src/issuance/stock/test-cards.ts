import { err, ok, type Result } from '../../base/result.ts';
import type { BlankKind } from '../../domain/document.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { BlankStock, StockedBlank } from '../blank-stock.ts';
import type { StockRefusal } from './refusals.ts';

/**
 * Spends the next blank of a feeder on a test or calibration print. To be committed before the printer is
 * told to feed it: from then on it is a test card, whatever the printer does. A state blank never is.
 */
export function planTestCard(
  stock: BlankStock,
  { feeder, kind, by }: { readonly feeder: string; readonly kind: BlankKind; readonly by: string },
): Result<
  { readonly events: readonly JournalEvent[]; readonly blank: StockedBlank },
  StockRefusal
> {
  if (stock.mode === 'live') return err({ kind: 'stateBlankNeverTested' });
  const blank = stock.expected(feeder, kind);
  if (blank === null) return err({ kind: 'feederEmpty' });
  const { batch, serial, source } = blank;
  return ok({
    blank,
    events: [
      {
        kind: 'blank.moved',
        blank: { kind, batch, serial, source },
        from: 'inFeeder',
        to: 'test',
        attemptId: null,
        reason: 'testCard',
        by,
      },
    ],
  });
}
