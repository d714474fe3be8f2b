import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { err } from '../../src/base/result.ts';
import type { DocumentWorks } from '../../src/issuance/ports.ts';
import { Bench, requestOf, type CoreOptions } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

const died = { kind: 'processEnded', reason: 'SIGKILL' } as const;
const notLent: Parameters<DocumentWorks['writeChip']>[1] = {
  lend: () => Promise.resolve(err({ kind: 'readerGone' })),
};
const answering = (broken: Partial<DocumentWorks>): CoreOptions => ({
  documents: (works) => ({ ...works, ...broken }),
});

describe('a card whose document is lost on the way', () => {
  const ways: readonly (readonly [string, string, () => CoreOptions])[] = [
    [
      'the process ended before the chip was written',
      'chip.processEnded',
      () => answering({ writeChip: () => Promise.resolve(err(died)) }),
    ],
    [
      'another process than that which fetched it was to verify the chip',
      'chip.notHeld',
      () => answering({ verifyChip: () => Promise.resolve(err({ kind: 'notHeld' })) }),
    ],
    [
      'the station was not lent',
      'chip.readerGone',
      () => ({
        documents: (works) => ({
          ...works,
          writeChip: (attemptId) => works.writeChip(attemptId, notLent),
        }),
      }),
    ],
    [
      'the host found nobody who had the dots',
      'invalidData',
      () => {
        bench.cabinet.interfere({
          device: 'cardPrinter',
          command: 'printSide',
          what: 'notMet',
          times: 1,
        });
        return {};
      },
    ],
  ];
  it.each(ways)('goes to the reject bin, where %s', async (_, faultCode, arrange) => {
    const core = await bench.restart(arrange());
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ outcome: 'spoiled', codeStillCounts: true });
    expect(core.book.read(settlement.attemptId)?.faultCode).toBe(faultCode);
    expect(bench.cabinet.moves.at(-1)?.type).toBe('cardRejected');
    expect(bench.cabinet.out).toEqual([]);
    const { counts, difference } = core.stock.balance();
    expect([counts.void, counts.issued, difference]).toEqual([1, 0, 0]);
  });

  it('moves no sheet where the host found nobody who had the PDF', async () => {
    const core = await bench.restart();
    bench.cabinet.interfere({
      device: 'pagePrinter',
      command: 'printPdf',
      what: 'notMet',
      times: 1,
    });
    const { settlement } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
    expect(bench.cabinet.pages.jobs).toEqual([]);
  });
});
