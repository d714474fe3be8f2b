import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import type { Result } from '../../src/base/result.ts';
import { planClosing, planCorrection } from '../../src/issuance/stock/correcting.ts';
import { planCount } from '../../src/issuance/stock/counting.ts';
import { planUnload } from '../../src/issuance/stock/loading.ts';
import { planTestCard } from '../../src/issuance/stock/test-cards.ts';
import type { StockRefusal } from '../../src/issuance/stock/refusals.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import { kiaOf } from '../documents/sample-people.ts';
import { expectUnavailableSentence } from '../journey/support/sentences.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { printTestCard } from './test-card-bench.ts';

const PEOPLE = [newId('per'), newId('per')] as const;
const COUNT_NEEDED = { available: false, reason: 'countNeeded' };

let bench: Bench;
let core: Core;
beforeEach(async () => {
  // It reads no serial: what it feeds is taken for what the ledger has next.
  bench = await Bench.open({ ...profiles.full, serialReader: false });
  core = await bench.restart();
});
afterEach(() => bench.close());

/** One person counts; the incident's identifier where the figures differ. */
async function count(feeder: 'ktp' | 'kia', counted: number): Promise<string | null> {
  const place = { in: 'feeder', feeder } as const;
  const plan = planCount(core.journal.reader, { place, counted, by: PEOPLE[0] });
  await core.journal.append({ events: plan.events });
  return plan.incidentId;
}

async function differing(feeder: 'ktp' | 'kia', counted: number): Promise<string> {
  const incidentId = await count(feeder, counted);
  if (incidentId === null) throw new Error('the count agrees');
  return incidentId;
}

async function done(plan: Result<readonly JournalEvent[], StockRefusal>): Promise<void> {
  if (!plan.ok) throw new Error(plan.error.kind);
  await core.journal.append({ events: plan.value });
}

const correct = (incidentId: string, missing: readonly string[]) =>
  done(planCorrection(core.stock, { incidentId, missing, found: [] }, PEOPLE));

async function printsKia() {
  const requestId = newId('REQ');
  bench.registry.add(requestOf('kia', { requestId }), { fields: kiaOf() });
  return (await bench.print(core, requestOf('kia', { requestId }))).settlement;
}

const testCard = () => planTestCard(core.stock, { feeder: 'kia', kind: 'kia' }, PEOPLE);

const offered = () => core.issuance.availability();

/** A person took note that rows are lost which may have issued blanks that lie in no feeder any more. */
const loseRows = () =>
  core.journal.append({
    events: [
      {
        kind: 'journal.lossAccepted',
        lostAfter: 1,
        lostThrough: 2,
        head: '0'.repeat(64),
        personId: null,
        osUid: 0,
        noteSha256: '0'.repeat(64),
      },
    ],
    checkpoint: true,
  });

describe('a feeder in which another number was counted than the ledger has', () => {
  it('gives nothing until two people corrected the ledger, and says so', async () => {
    const incidentId = await differing('kia', 5);
    expect(offered()).toMatchObject({ kia: COUNT_NEEDED, ktpEl: { available: true } });
    expectUnavailableSentence('countNeeded');
    const { attemptId, ...settlement } = await printsKia();
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
    expect(core.book.read(attemptId)?.faultCode).toBe('countNeeded');
    expect(testCard()).toEqual({ ok: false, error: { kind: 'countNeeded' } });
    expect((await printTestCard(bench, core, 'kia')).settled).toMatchObject({
      end: 'notPrinted',
      faultCode: 'countNeeded',
    });
    expect(bench.cabinet.moves).toEqual([]);

    await correct(incidentId, ['KIA-0001']);
    expect(offered().kia).toEqual({ available: true });
    bench.cabinet.parts.feeders.find(({ name }) => name === 'kia')?.blanks.shift();
    expect(await printsKia()).toMatchObject({ outcome: 'delivered', blankSerial: 'KIA-0002' });
    expect(bench.cabinet.out).toEqual(['KIA-0002']);
  });

  it('gives again once another count agreed and two people closed the difference', async () => {
    const incidentId = await differing('kia', 5);
    await count('kia', 6);
    expect(offered().kia).toEqual(COUNT_NEEDED);
    await done(planClosing(core.stock, { incidentId, finding: 'recountAgreed' }, PEOPLE));
    expect(offered().kia).toEqual({ available: true });
  });

  it('tells of blanks that ran out where the ledger has none in it', async () => {
    await done(
      planUnload(
        core.stock,
        { feeder: 'kia', kind: 'kia', batch: 'B-2', firstSerial: 'KIA-0001', count: 6 },
        PEOPLE,
      ),
    );
    await count('kia', 1);
    expect(offered().kia).toEqual({ available: false, reason: 'blanksOut' });
  });

  it('is no matter of the bins, where a count may differ too', async () => {
    const place = { in: 'rejectBin' } as const;
    const plan = planCount(core.journal.reader, { place, counted: 3, by: PEOPLE[0] });
    await core.journal.append({ events: plan.events });
    expect(offered()).toMatchObject({ kia: { available: true }, ktpEl: { available: true } });
  });
});

describe('a record of which rows are lost', () => {
  it('lets nothing be fed before the feeder was counted, each by itself', async () => {
    await count('kia', 6);
    await loseRows();
    expect(offered()).toMatchObject({
      kia: COUNT_NEEDED,
      ktpEl: COUNT_NEEDED,
      kk: { available: true },
    });
    expect(await printsKia()).toMatchObject({ outcome: 'notPrinted' });
    expect(testCard()).toEqual({ ok: false, error: { kind: 'countNeeded' } });
    await count('kia', 6);
    expect(testCard().ok).toBe(true);
    expect(offered()).toMatchObject({ kia: { available: true }, ktpEl: COUNT_NEEDED });
    expect(await printsKia()).toMatchObject({ outcome: 'delivered' });
    // Also after a restart, and again after the next loss.
    await bench.kill(core);
    core = await bench.restart();
    expect(offered()).toMatchObject({ kia: { available: true }, ktpEl: COUNT_NEEDED });
    await loseRows();
    expect(offered().kia).toEqual(COUNT_NEEDED);
  });

  it('is never the reason to say again of a serial that it was handed out', async () => {
    await loseRows();
    // KIA-0001 was issued in a row that is lost.
    bench.cabinet.parts.feeders.find(({ name }) => name === 'kia')?.blanks.shift();
    expect(await printsKia()).toMatchObject({ outcome: 'notPrinted' });
    const incidentId = await differing('kia', 5);
    expect(offered().kia).toEqual(COUNT_NEEDED);
    await correct(incidentId, ['KIA-0001']);
    expect(offered().kia).toEqual({ available: true });
    expect(await printsKia()).toMatchObject({ outcome: 'delivered', blankSerial: 'KIA-0002' });
  });
});
