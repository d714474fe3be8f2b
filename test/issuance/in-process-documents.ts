import { err, type Result } from '../../src/base/result.ts';
import { chipChannel } from '../../src/issuance/chip-channel.ts';
import type { DocumentChecks } from '../../src/issuance/document-checks.ts';
import { HeldDocuments } from '../../src/issuance/held-documents.ts';
import type { DocumentWorks } from '../../src/issuance/ports.ts';
import { specimenPersonaliser } from '../../src/issuance/specimen-personaliser.ts';
import type { Meeting } from '../../drivers/contract/held.ts';
import type { DocumentSource } from '../../src/registry/ports.ts';
import { borrow, hold, type Give } from './meetings.ts';

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
  const whileLent = async <T, K extends string>(
    device: { lend(to: Meeting): Promise<Result<void, unknown>> },
    gone: K,
    use: (give: Give) => Promise<T>,
  ): Promise<T | Result<never, { readonly kind: K }>> => {
    const used = Promise.withResolvers<T>();
    const to = borrow((give) => use(give).then(used.resolve, used.reject));
    const lent = await device.lend(to);
    return lent.ok ? used.promise : err({ kind: gone });
  };
  return {
    fetch: (attemptId, options) => documents.fetch(attemptId, options),
    check: (expected) => documents.check(expected),
    compose: (attemptId) => documents.compose(attemptId),
    writeChip: (attemptId, station) =>
      whileLent(station, 'readerGone', (give) => documents.writeChip(attemptId, chipChannel(give))),
    verifyChip: (attemptId, station) =>
      whileLent(station, 'readerGone', (give) =>
        documents.verifyChip(attemptId, chipChannel(give)),
      ),
    matchHolder: (attemptId, finger, sensor) =>
      whileLent(sensor, 'deviceGone', (give) => documents.matchHolder(attemptId, finger, give)),
  };
}
