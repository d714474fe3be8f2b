import { err } from '../../src/base/result.ts';
import type { DocumentChecks } from '../../src/issuance/document-checks.ts';
import { HeldDocuments } from '../../src/issuance/held-documents.ts';
import type { ChipStation, DocumentWorks } from '../../src/issuance/ports.ts';
import { specimenPersonaliser } from '../../src/issuance/specimen-personaliser.ts';
import type { CardChannel } from '../../drivers/contract/card-channel.ts';
import type { DocumentSource } from '../../src/registry/ports.ts';
import { borrow, hold } from './meetings.ts';

/** The documents without a process of their own: fetched, checked and written by the same code. */
export function inProcessDocuments(source: DocumentSource, checks: DocumentChecks): DocumentWorks {
  const documents = new HeldDocuments({
    source,
    checks,
    personaliser: specimenPersonaliser,
    hold,
    // Other terminals of the same process hold theirs in the same place.
    letGo: () => undefined,
  });
  const atStation = async <T>(
    station: ChipStation,
    use: (channel: CardChannel) => Promise<T>,
  ): Promise<T | Awaited<ReturnType<DocumentWorks['writeChip']>>> => {
    const used = Promise.withResolvers<T>();
    const to = borrow((channel) => use(channel).then(used.resolve, used.reject));
    const lent = await station.lend(to);
    return lent.ok ? used.promise : err({ kind: 'readerGone' });
  };
  return {
    fetch: (attemptId, options) => documents.fetch(attemptId, options),
    check: (expected) => documents.check(expected),
    compose: (attemptId) => documents.compose(attemptId),
    writeChip: (attemptId, station) =>
      atStation(station, (chip) => documents.writeChip(attemptId, chip)),
    verifyChip: (attemptId, station) =>
      atStation(station, (chip) => documents.verifyChip(attemptId, chip)),
  };
}
