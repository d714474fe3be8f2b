import { newId } from '../../../src/base/ids.ts';
import type { BlankKind } from '../../../src/domain/document.ts';
import { BlankStock } from '../../../src/issuance/blank-stock.ts';
import { planCorrection } from '../../../src/issuance/stock/correcting.ts';
import { planCount } from '../../../src/issuance/stock/counting.ts';
import { planLoad, planUnload } from '../../../src/issuance/stock/loading.ts';
import { movedAs } from '../../../src/issuance/stock/strangers.ts';
import { planTestCard } from '../../../src/issuance/stock/test-cards.ts';
import type { JournalEvent } from '../../../src/journal/catalogue.ts';
import type { BlankState } from '../../../src/journal/events/stock.ts';
import type { Journal } from '../../../src/journal/journal.ts';

export type Operation =
  | { readonly do: 'load'; readonly kind: BlankKind; readonly count: number }
  | { readonly do: 'loadReturned' }
  | { readonly do: 'unload'; readonly pick: number }
  | { readonly do: 'issue'; readonly pick: number; readonly fate: BlankState }
  | { readonly do: 'test'; readonly kind: BlankKind }
  | { readonly do: 'countAndCorrect'; readonly kind: BlankKind; readonly difference: number };

interface Piece {
  readonly kind: BlankKind;
  readonly batch: string;
  state: BlankState;
}

export const twoPeople = [newId('per'), newId('per')] as const;
const feederOf: Readonly<Record<BlankKind, string>> = { ktpEl: 'ktp', ktpElWna: 'wna', kia: 'kia' };

/** What a careful clerk would write beside the journal: one line a blank, and what came and went. */
export class StockModel {
  readonly pieces = new Map<string, Piece>();
  loaded = 0;
  returned = 0;
  corrected = 0;
  #serials = 0;

  counts(): Readonly<Record<BlankState, number>> {
    const of = (state: BlankState): number =>
      [...this.pieces.values()].filter((piece) => piece.state === state).length;
    return {
      inFeeder: of('inFeeder'),
      inTransport: of('inTransport'),
      issued: of('issued'),
      void: of('void'),
      retracted: of('retracted'),
      test: of('test'),
      returned: this.returned,
      unresolved: of('unresolved'),
    };
  }

  /** Does one operation on journal and model alike; one that is not possible now does nothing. */
  async apply(journal: Journal, operation: Operation): Promise<void> {
    const stock = new BlankStock(journal, 'specimen');
    switch (operation.do) {
      case 'load':
        return this.#load(journal, stock, operation);
      case 'loadReturned':
        return this.#loadReturned(journal, stock);
      case 'unload':
        return this.#unload(journal, stock, operation.pick);
      case 'issue':
        return this.#issue(journal, operation);
      case 'test':
        return this.#test(journal, stock, operation.kind);
      case 'countAndCorrect':
        return this.#countAndCorrect(journal, stock, operation);
    }
  }

  async #load(
    journal: Journal,
    stock: BlankStock,
    { kind, count }: { readonly kind: BlankKind; readonly count: number },
  ): Promise<void> {
    const batch = `B-${this.#serials}`;
    const serials = Array.from({ length: count }, () => this.#newSerial(kind));
    const range = { feeder: feederOf[kind], kind, batch, firstSerial: serials[0] ?? '', count };
    await commit(journal, planLoad(stock, range, twoPeople));
    for (const serial of serials) this.pieces.set(serial, { kind, batch, state: 'inFeeder' });
    this.loaded += count;
  }

  async #loadReturned(journal: Journal, stock: BlankStock): Promise<void> {
    const found = this.#in('returned')[0];
    if (found === undefined) return;
    const [serial, { kind, batch }] = found;
    const range = { feeder: feederOf[kind], kind, batch, firstSerial: serial, count: 1 };
    await commit(journal, planLoad(stock, range, twoPeople));
    this.#become(serial, 'inFeeder');
    this.loaded += 1;
  }

  async #unload(journal: Journal, stock: BlankStock, pick: number): Promise<void> {
    const found = pickOf([...this.#in('inFeeder'), ...this.#in('unresolved')], pick);
    if (found === undefined) return;
    const [serial, { kind, batch }] = found;
    const range = { feeder: feederOf[kind], kind, batch, firstSerial: serial, count: 1 };
    await commit(journal, planUnload(stock, range, twoPeople));
    this.#become(serial, 'returned');
    this.returned += 1;
  }

  async #issue(
    journal: Journal,
    { pick, fate }: { readonly pick: number; readonly fate: BlankState },
  ): Promise<void> {
    const found = pickOf(this.#in('inFeeder'), pick);
    if (found === undefined) return;
    const [serial, { kind, batch }] = found;
    const blank = { kind, batch, serial, source: 'read' as const };
    const attemptId = newId('att');
    const steps = fate === 'inTransport' ? [fate] : (['inTransport', fate] as const);
    let from: BlankState = 'inFeeder';
    for (const to of steps) {
      await journal.append({ events: [{ kind: 'blank.moved', blank, from, to, attemptId }] });
      from = to;
    }
    this.#become(serial, fate);
  }

  async #test(journal: Journal, stock: BlankStock, kind: BlankKind): Promise<void> {
    const plan = planTestCard(stock, { feeder: feederOf[kind], kind }, twoPeople);
    if (!plan.ok) return;
    const why = { attemptId: null, reason: 'testCard' };
    await journal.append({ events: [movedAs(plan.value, 'inTransport', why)] });
    const inside = { ...plan.value, place: 'inTransport' as const };
    await journal.append({ events: [movedAs(inside, 'test', why)] });
    this.#become(plan.value.serial, 'test');
  }

  /** Blanks that are not there, or strange ones that are: counted, and settled by two people. */
  async #countAndCorrect(
    journal: Journal,
    stock: BlankStock,
    { kind, difference }: { readonly kind: BlankKind; readonly difference: number },
  ): Promise<void> {
    const place = { in: 'feeder', feeder: feederOf[kind] } as const;
    const there = this.#in('inFeeder').filter(([, piece]) => piece.kind === kind);
    const counted = Math.max(0, there.length + difference);
    const count = planCount(stock.reader, { place, counted, by: twoPeople[0] });
    await journal.append({ events: count.events });
    if (count.incidentId === null) return;
    const missing = there.slice(0, Math.max(0, there.length - counted)).map(([serial]) => serial);
    const found = Array.from({ length: Math.max(0, counted - there.length) }, () => ({
      serial: this.#newSerial(kind),
      kind,
      batch: 'B-STRANGE',
    }));
    const correction = { incidentId: count.incidentId, missing, found };
    await commit(journal, planCorrection(stock, correction, twoPeople));
    for (const serial of missing) this.#become(serial, 'unresolved');
    for (const { serial, batch } of found) {
      this.pieces.set(serial, { kind, batch, state: 'unresolved' });
    }
    this.corrected += found.length;
  }

  #in(state: BlankState): [string, Piece][] {
    return [...this.pieces].filter(([, piece]) => piece.state === state);
  }

  #become(serial: string, state: BlankState): void {
    const piece = this.pieces.get(serial);
    if (piece === undefined) throw new Error(`the model has no ${serial}`);
    piece.state = state;
  }

  #newSerial(kind: BlankKind): string {
    this.#serials += 1;
    return `${kind.toUpperCase()}${String(this.#serials).padStart(5, '0')}`;
  }
}

const pickOf = <T>(items: readonly T[], pick: number): T | undefined =>
  items.length === 0 ? undefined : items[pick % items.length];

async function commit(
  journal: Journal,
  plan:
    | { readonly ok: true; readonly value: readonly JournalEvent[] }
    | { readonly ok: false; readonly error: { readonly kind: string } },
): Promise<void> {
  if (!plan.ok) throw new Error(`the ledger refuses what the model allows: ${plan.error.kind}`);
  await journal.append({ events: plan.value });
}
