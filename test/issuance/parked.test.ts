import { describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import { planClosing } from '../../src/issuance/stock/correcting.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { incidentEndLine, incidentLine } from '../../src/cli/incident-lines.ts';
import { expectUnavailableSentence } from '../journey/support/sentences.ts';
import { Bench, requestOf } from './bench.ts';

describe('counters that went backwards', () => {
  it('close the card path and are an incident, once, until two people closed it', async () => {
    const bench = await Bench.open();
    const first = await bench.restart();
    bench.registry.answersReports = false;
    const { attemptId } = (await bench.print(first, requestOf('ktpEl'))).settlement;
    expect(first.book.read(attemptId)?.state).toBe('confirming');
    await first.issuance.refresh();
    expect(first.issuance.availability().ktpEl.available).toBe(true);
    await bench.kill(first);
    // Another printer of the same make, new from its box.
    const { counters } = bench.cabinet.parts;
    for (const name of Object.keys(counters) as (keyof typeof counters)[]) counters[name] = 0;
    const second = await bench.restart();
    expect(second.issuance.availability()).toMatchObject({
      ktpEl: { available: false, reason: 'countersWentBack' },
      kia: { available: false, reason: 'countersWentBack' },
      kk: { available: true },
    });
    const { settlement } = await bench.print(second, requestOf('kia'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    await second.issuance.refresh();
    const [incident, ...more] = openIncidents(second.journal.reader);
    expect(more).toEqual([]);
    expect(incident?.incident).toMatchObject({ what: 'countersWentBack', found: { fed: 0 } });
    expectUnavailableSentence('countersWentBack');
    if (incident === undefined) throw new Error('no incident');
    expect(incidentLine(incident.incident)).toMatch(
      /^cardPrinter counts less than the record last saw \(fed 0, before \d+; .*\): it is another printer, or its counters were reset\. No card is printed meanwhile\.$/,
    );
    expect(incidentEndLine(incident.incidentId, incident.incident)).toContain(
      `two people close it: anjungan stock close ${incident.incidentId} --finding explained`,
    );
    const closing = planClosing(
      second.stock,
      { incidentId: incident.incidentId, finding: 'explained' },
      [newId('per'), newId('per')],
    );
    if (!closing.ok) throw new Error(closing.error.kind);
    await second.journal.append({ events: [...closing.value] });
    await second.issuance.refresh();
    expect(second.issuance.availability().kia.available).toBe(true);
    expect(openIncidents(second.journal.reader)).toEqual([]);
    // The receipt of the card printed before comes only now.
    const receipt = { attemptId, receiptId: 'r-late', requestState: 'diserahkan' } as const;
    await second.journal.append({ events: second.issuance.receiptEvents(receipt) });
    expect(second.book.read(attemptId)?.state).toBe('confirmed');
    await second.issuance.refresh();
    expect(openIncidents(second.journal.reader)).toEqual([]);
    await bench.close();
  });
});

describe('a terminal that is parked', () => {
  it('prints nothing, not even for a citizen who had begun', async () => {
    const bench = await Bench.open();
    let may = true;
    const running = await bench.restart({ deps: { mayIssue: () => may } });
    expect((await bench.print(running, requestOf('kia'))).settlement.outcome).toBe('delivered');
    may = false;
    for (const kind of ['ktpEl', 'kk'] as const) {
      const { settlement } = await bench.print(running, requestOf(kind));
      expect(settlement).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    }
    await bench.close();
  });
});
