import { newId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import { AttemptBook } from '../issuance/attempt-book.ts';
import { attemptTables } from '../issuance/attempt-table.ts';
import { BlankStock } from '../issuance/blank-stock.ts';
import type { Issuance } from '../issuance/issuance.ts';
import { decisionEntry, type Decision } from '../issuance/resolution.ts';
import { planClosing, planCorrection } from '../issuance/stock/correcting.ts';
import { planCount } from '../issuance/stock/counting.ts';
import { planBinEmptied } from '../issuance/stock/emptying.ts';
import {
  feederFault,
  planLoad,
  planUnload,
  type ConfiguredFeeder,
} from '../issuance/stock/loading.ts';
import { planTestCard } from '../issuance/stock/test-cards.ts';
import type { StockRefusal } from '../issuance/stock/refusals.ts';
import type { Mode } from '../domain/document.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { Append, Journal } from '../journal/journal.ts';
import type { Deeds, NotPossible } from './grave-acts.ts';

type Planned = Result<Pick<Append, 'events' | 'also'>, NotPossible>;

/** What each grave act comes to: acts on stock as `issuance/stock` plans them, decisions as the table of attempts has them. */
export function deedsOn(parts: {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly feeders: readonly ConfiguredFeeder[];
  readonly issuance: Pick<Issuance, 'underWay'>;
  /** A citizen is at the terminal. */
  readonly isServing: () => boolean;
}): Deeds {
  const { journal, clock, mode, feeders, issuance, isServing } = parts;
  const book = new AttemptBook(journal, clock, attemptTables);
  const stock = new BlankStock(journal, mode);
  /** The ledger may not change between a plan and its commit, and nobody opens a printer that prints. */
  const atRest = (plan: () => Planned): Planned =>
    issuance.underWay() ? err(notPossible('attemptUnderWay')) : plan();
  const onStock = (plan: () => Result<readonly JournalEvent[], StockRefusal>): Planned =>
    atRest(() => planned(plan()));
  const decide = (decision: Decision): Planned => {
    const entry = decisionEntry({ journal, clock, book, stock, tables: attemptTables }, decision);
    return entry.ok ? entry : err(notPossible(entry.error));
  };
  return {
    resolveCard: ({ attemptId, choice }, { by, proposalId: decisionId }) =>
      atRest(() => decide({ attemptId, choice, media: 'controlledBlank', by, decisionId })),
    resolvePaper: ({ attemptId, choice }, { by, proposalId: decisionId }) =>
      decide({ attemptId, choice, media: 'plainPaper', by, decisionId }),
    waiveHolderCheck: ({ attemptId }) =>
      book.read(attemptId)?.state === 'holderCheck' && issuance.underWay()
        ? ok({ events: [] })
        : err(notPossible('noHolderCheck', { attemptId })),
    loadStock: ({ blankKind: kind, feeder, batch, firstSerial, count }, { by }) =>
      onStock(() => {
        const fault = feederFault(feeders, { feeder, kind });
        if (fault !== null) return err(fault);
        return planLoad(stock, { feeder, kind, batch, firstSerial, count }, by);
      }),
    unloadStock: ({ blankKind: kind, feeder, batch, firstSerial, count }, { by }) =>
      onStock(() => planUnload(stock, { feeder, kind, batch, firstSerial, count }, by)),
    printTestCard: ({ feeder }, { by }) =>
      onStock(() => {
        const of = feeders.find(({ name }) => name === feeder);
        if (of === undefined) {
          return err({ kind: 'unknownFeeder', feeder, known: feeders.map(({ name }) => name) });
        }
        const { blankKind } = of;
        const plan = planTestCard(stock, { feeder, kind: blankKind }, by);
        if (!plan.ok) return plan;
        const [open] = book.unresolvedCards();
        if (open !== undefined) {
          return err({ kind: 'outcomeOpen', serial: open.blank?.serial ?? open.attemptId });
        }
        if (isServing()) return err({ kind: 'sessionUnderWay' });
        const [one = '', other = ''] = by;
        const testCardId = newId('test');
        const ordered = { testCardId, feeder, blankKind, by: [one, other] as [string, string] };
        return ok([{ kind: 'testCard.ordered', ...ordered }]);
      }),
    correctStock: ({ incidentId, missing, found }, { by }) =>
      onStock(() => planCorrection(stock, { incidentId, missing, found }, by)),
    countStock: ({ place, counted }, { by: [who = ''] }) =>
      atRest(() => ok({ events: planCount(stock.reader, { place, counted, by: who }).events })),
    closeIncident: ({ incidentId, finding }, { by }) =>
      onStock(() => planClosing(stock, { incidentId, finding }, by)),
    emptyBin: ({ bin, counted }, { by }) =>
      onStock(() => planBinEmptied(stock, { bin, counted }, by)),
  };
}

const notPossible = (reason: string, facts: NotPossible['facts'] = {}): NotPossible => ({
  kind: 'notPossible',
  reason,
  facts,
});

function planned(plan: Result<readonly JournalEvent[], StockRefusal>): Planned {
  if (plan.ok) return ok({ events: plan.value });
  const { kind, ...facts } = plan.error;
  return err(notPossible(kind, facts));
}
