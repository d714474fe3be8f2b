import type { CardPrinterMove } from '../../../drivers/simulated-card-printer/moves.ts';
import type { SoakTerminal } from './terminal.ts';

const FORBIDDEN = /^(feedBlank|printSide|presentCard|printPdf)$/;

/** What recovery may never command: nothing is printed or presented for the old session. */
export const oversteppedBy = (commanded: readonly string[]): string[] =>
  commanded.filter((name) => FORBIDDEN.test(name)).map((name) => `recovery gave ${name}`);

/** What moved for one request over all its attempts, kept while the request is open. */
export class Moved {
  readonly serials = new Set<string>();
  readonly out = new Set<string>();
  overprinted = 0;

  /** Takes the cabinet's record over, which thereby stays short. */
  take(moves: CardPrinterMove[]): void {
    for (const move of moves.splice(0)) {
      if (move.type === 'blankFed') this.serials.add(move.serial);
      if (move.type === 'cardTaken' || move.type === 'cardPushedOut') this.out.add(move.serial);
      if (move.type === 'sidePrinted' && move.overprint) this.overprinted += 1;
    }
  }
}

/** Every promise after a session or a restart, when people have decided what they could see. */
export function brokenPromises(
  { bench, core, fatal }: SoakTerminal,
  requestId: string,
  moved: Moved,
): string[] {
  const { cabinet, registry } = bench;
  const broken: string[] = fatal.splice(0).map((cause) => `fatal: ${String(cause)}`);
  if (moved.out.size > 1) broken.push(`${moved.out.size} originals are out`);
  if (moved.overprinted > 0) broken.push('a card was printed on twice');
  if (core.book.unsettled().length > 0) broken.push('an attempt is left unsettled');
  const { difference } = core.stock.balance();
  if (difference !== 0) broken.push(`the ledger differs by ${difference}`);
  const { parts } = cabinet;
  for (const serial of moved.serials) {
    const place = core.stock.find(serial)?.place;
    const lies = (cards: readonly { readonly serial: string }[]): boolean =>
      cards.some((card) => card.serial === serial);
    const really = moved.out.has(serial)
      ? 'issued'
      : lies(parts.rejectBin)
        ? 'void'
        : lies(parts.retractBin)
          ? 'retracted'
          : 'elsewhere';
    if (place !== really) broken.push(`${serial} is ${really}, not ${place ?? 'known'}`);
  }
  const state = registry.requests.get(requestId)?.state;
  const told = registry.answersReports;
  if (told && moved.out.size === 1 && state !== 'diserahkan') {
    broken.push(`an original is out while the registry says ${state ?? 'nothing'}`);
  }
  if (told && moved.serials.size > 0 && moved.out.size === 0 && state === 'diserahkan') {
    broken.push('the registry believes in an original that is not out');
  }
  return broken;
}
