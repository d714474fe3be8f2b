import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { Life } from './mortal.ts';
import { printTestCard } from './test-card-bench.ts';

let bench: Bench;
let core: Core;
beforeEach(async () => {
  bench = await Bench.open();
  core = await bench.restart();
  await bench.print(core, requestOf('ktpEl'), bench.takeWhenPresented.bind(bench));
});
afterEach(() => bench.close());

/** Another printer of the same make, new from its box, is put in between two looks. */
function resetCounters(): void {
  const { counters } = bench.cabinet.parts;
  for (const name of Object.keys(counters) as (keyof typeof counters)[]) counters[name] = 0;
}

const incidents = () => openIncidents(core.journal.reader).map(({ incident }) => incident);
const TOLD = { what: 'countersWentBack', device: 'cardPrinter', found: { fed: 0 } };
const feeds = () => bench.cabinet.commands.filter((name) => name === 'feedBlank').length;

describe('counters that went back after the last look', () => {
  it('feed nothing for an attempt that is reserved already, and its code still counts', async () => {
    const before = feeds();
    const { settlement } = await bench.print(core, requestOf('kia'), ({ kind, ...more }) => {
      if (kind === 'step' && 'step' in more && more.step === 'checking') resetCounters();
    });
    expect(settlement).toMatchObject({
      outcome: 'notPrinted',
      problem: 'printerTrouble',
      codeStillCounts: true,
    });
    expect(core.book.read(settlement.attemptId)).toMatchObject({
      faultCode: 'countersWentBack',
      countersBefore: null,
    });
    expect(feeds()).toBe(before);
    expect(incidents()).toMatchObject([TOLD]);
    expect(bench.registry.requests.get('REQ-kia')?.state).toBe('siapCetak');
    await core.issuance.refresh();
    expect(incidents()).toHaveLength(1);
    expect(core.issuance.availability().kia).toMatchObject({ reason: 'countersWentBack' });
  });

  it('feed nothing for a test card', async () => {
    resetCounters();
    const before = feeds();
    const { settled } = await printTestCard(bench, core, 'kia');
    expect(settled).toMatchObject({ end: 'notPrinted', faultCode: 'countersWentBack' });
    expect(feeds()).toBe(before);
    expect(incidents()).toMatchObject([TOLD]);
  });

  it('are found by the recovery of an attempt that core died in', async () => {
    await bench.kill(core);
    // Each run lives a step longer, until one dies with the blank in the transport.
    for (let k = 0; bench.cabinet.parts.transport === null; k += 1) {
      const dying = new Life(k);
      const run = await bench.start({ life: dying });
      void run.issuance.recover().then(() => bench.print(run, requestOf('kia')));
      await dying.ended;
      await bench.kill(run);
    }
    resetCounters();
    core = await bench.restart();
    expect(incidents()).toMatchObject([TOLD]);
  });
});
