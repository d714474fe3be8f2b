import type { CardPrinterStatus } from '../../drivers/contract/card-printer.ts';
import type { PagePrinterStatus } from '../../drivers/contract/page-printer.ts';
import type { BlankKind, DocumentKind } from '../domain/document.ts';
import type { BlankStock } from './blank-stock.ts';
import type { KindAvailability, KindUnavailable } from './issuance.ts';
import { isOutOfPaper } from './paper-stop.ts';
import type { WhyClosed } from './stock/closed-kinds.ts';
import type { ServedWhenScarce } from './stock/scarcity.ts';

export interface LastSeen {
  /** null: no such device, or it does not answer. */
  readonly cardPrinter: CardPrinterStatus | null;
  readonly pagePrinter: PagePrinterStatus | null;
  /** An attempt on controlled stock waits for people: the card path serves nobody until they decided. */
  readonly cardPathBlocked: boolean;
  /** The card printer counts less than the record saw: it is another one, until people looked at it. */
  readonly countersWentBack: boolean;
  /** The registry contradicts what it acknowledged: what it asks for may be out already. */
  readonly registryDoubted: boolean;
  /** A test card is on its way: the card path serves nobody for these seconds. */
  readonly testCardUnderWay: boolean;
  /** Nobody proved where a test card is: it may lie in the card path. */
  readonly testCardUnsettled: boolean;
  /** Blanks are few: of these kinds only some requests are served. */
  readonly scarce: ServedWhenScarce;
  /** The battery does not last for a print of these kinds. */
  readonly powerTooShortFor: ReadonlySet<DocumentKind>;
  /** Blanks of these kinds serve nobody until people have looked at a stranger, or counted a feeder. */
  readonly closedKinds: ReadonlyMap<BlankKind, WhyClosed>;
}

export function availabilityOf(
  seen: LastSeen,
  stock: Pick<BlankStock, 'remaining'>,
): Readonly<Record<DocumentKind, KindAvailability>> {
  // First of all reasons: a printer that is off because the mains is away needs no repair.
  const powered = (kind: DocumentKind, otherwise: () => KindAvailability): KindAvailability =>
    seen.powerTooShortFor.has(kind) ? no('powerFailing') : otherwise();
  return {
    ktpEl: powered('ktpEl', () => cardKind(seen, stock, ['ktpEl', 'ktpElWna'])),
    kia: powered('kia', () => cardKind(seen, stock, ['kia'])),
    kk: powered('kk', () => paperKind(seen.pagePrinter)),
  };
}

function cardKind(
  seen: LastSeen,
  stock: Pick<BlankStock, 'remaining'>,
  kinds: readonly BlankKind[],
): KindAvailability {
  const { cardPrinter, closedKinds, scarce } = seen;
  if (seen.cardPathBlocked) return no('outcomeUnresolved');
  if (seen.countersWentBack) return no('countersWentBack');
  if (seen.registryDoubted) return no('registryForgot');
  if (seen.testCardUnsettled) return no('testCardUnsettled');
  if (seen.testCardUnderWay || cardPrinter === null) return no('printerInMaintenance');
  const { state, ribbon, rejectBin, media, feeders } = cardPrinter;
  const stuck = media === 'jammed' || media === 'atExit' || media === 'present';
  const binBlocked = rejectBin === 'full' || rejectBin === 'removed';
  if (state !== 'online' || ribbon === 'out' || binBlocked || stuck) {
    return no('printerInMaintenance');
  }
  const loaded = kinds.filter(
    (kind) =>
      !closedKinds.has(kind) &&
      stock.remaining(kind) > 0 &&
      feeders.some((feeder) => feeder.blankKind === kind && feeder.level !== 'out'),
  );
  if (loaded.length > 0) {
    const few = Object.entries(scarce).filter(([kind]) => kinds.some((one) => one === kind));
    const without = kinds.filter((kind) => !loaded.includes(kind));
    return {
      available: true,
      ...(few.length > 0 ? { scarce: Object.fromEntries(few) } : {}),
      ...(without.length > 0 ? { without } : {}),
    };
  }
  const [closed] = kinds.flatMap((kind) => closedKinds.get(kind) ?? []);
  return no(closed ?? 'blanksOut');
}

function paperKind(printer: PagePrinterStatus | null): KindAvailability {
  if (printer === null) return no('printerInMaintenance');
  if (isOutOfPaper(printer)) return no('paperOut');
  return printer.state === 'online' ? { available: true } : no('printerInMaintenance');
}

const no = (reason: KindUnavailable): KindAvailability => ({ available: false, reason });
