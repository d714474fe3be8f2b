import type { PagePrinterStatus } from '../../drivers/contract/page-printer.ts';
import type { CommonStatus } from '../../drivers/contract/words.ts';
import type { PaperStop } from '../domain/paper-stop.ts';

/** The reasons that have a word of their own; every other one is a `fault`. */
const stops: Readonly<Partial<Record<string, PaperStop>>> = {
  mediaJam: 'mediaJam',
  coverOpen: 'coverOpen',
  mediaEmpty: 'mediaEmpty',
  mediaNeeded: 'mediaEmpty',
  outputAreaFull: 'outputAreaFull',
  tonerEmpty: 'tonerEmpty',
  unreachable: 'noAnswer',
  answersTooLate: 'noAnswer',
  answerBrokenOff: 'noAnswer',
  answerUnclear: 'noAnswer',
};

/** Why no sheet moves now, the worst reason first; null where nothing keeps it from printing. */
export function paperStopOf({
  state,
  reasons,
}: Pick<CommonStatus, 'state'> & { readonly reasons: readonly string[] }): PaperStop | null {
  // What takes no further job goes on with the one it has.
  if (state === 'online' || reasons[0] === 'notAcceptingJobs') return null;
  const [worst] = reasons.flatMap((reason) => stops[reason] ?? []);
  return worst ?? 'fault';
}

/** By its trays where it lists any, and by its own word: many list none. */
export const isOutOfPaper = (printer: PagePrinterStatus): boolean =>
  paperStopOf(printer) === 'mediaEmpty' ||
  (printer.trays.length > 0 && printer.trays.every(({ level }) => level === 'out'));
