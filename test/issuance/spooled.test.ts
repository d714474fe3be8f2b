import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import { Bench, requestOf, type Core } from './bench.ts';

/** As the print log reads it from the record. */
const loggedEvidence = ({ journal }: Core): unknown[] =>
  journal
    .rows(1, journal.size())
    .flatMap(({ event }) => (event.kind === 'attempt.settled' ? [event.evidence] : []));

describe('an attempt on a card printer behind a spooler', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(profiles.spooled);
  });
  afterEach(() => bench.close());

  it('is delivered at what the spooler says, and the log says that it was the spooler', async () => {
    const core = await bench.restart();
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'delivered', evidence: 'hostAccepted' });
    expect(loggedEvidence(core)).toEqual(['hostAccepted']);
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { issued: 1 } });
  });

  it('prints no KTP-el, whose chip it cannot reach, and moves nothing', async () => {
    const core = await bench.restart();
    const { settlement } = await bench.print(core, requestOf('ktpEl'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
    expect(bench.cabinet.moves).toEqual([]);
    expect(bench.cabinet.commands).not.toContain('feedBlank');
  });

  it('is uncertain where the spooler does not answer, and is not tried again', async () => {
    const core = await bench.restart();
    bench.cabinet.interfere({
      device: 'cardPrinter',
      command: 'presentCard',
      what: 'lost',
      times: 1,
    });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({
      outcome: 'uncertain',
      evidence: 'none',
      mayRetryNow: false,
      codeStillCounts: false,
    });
    expect(loggedEvidence(core)).toEqual(['none']);
    const presented = bench.cabinet.commands.filter((command) => command === 'presentCard');
    expect(presented).toHaveLength(1);
    expect(core.stock.balance()).toMatchObject({ difference: 0, counts: { unresolved: 1 } });
  });

  it('is uncertain where the job was refused when the card should come, for nobody saw a blank move', async () => {
    const core = await bench.restart();
    bench.cabinet.interfere({
      device: 'cardPrinter',
      command: 'presentCard',
      what: 'notMet',
      times: 1,
    });
    const { settlement } = await bench.print(core, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'uncertain', mayRetryNow: false });
  });
});
