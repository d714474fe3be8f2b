import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import { planClosing, planCorrection } from '../../src/issuance/stock/correcting.ts';
import { planCount } from '../../src/issuance/stock/counting.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { incidentEndLine, incidentLine } from '../../src/cli/incident-lines.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { profiles, type Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import { kiaOf } from '../documents/sample-people.ts';
import { Bench, requestOf, type Core } from './bench.ts';
import { Life } from './mortal.ts';
import { printTestCard, testCardsOf } from './test-card-bench.ts';

const PEOPLE = [newId('per'), newId('per')] as const;
const COUNT_NEEDED = { available: false, reason: 'countNeeded' };

let bench: Bench;
let core: Core;

/** It reads no serial, so that the order of loading is all there is. */
async function open(profile: Profile = profiles.noSerialReader): Promise<void> {
  bench = await Bench.open(profile);
  core = await bench.restart();
}
beforeEach(() => open());
afterEach(() => bench.close());

async function printsKia() {
  const requestId = newId('REQ');
  bench.registry.add(requestOf('kia', { requestId }), { fields: kiaOf() });
  return (await bench.print(core, requestOf('kia', { requestId }))).settlement;
}

const strike = () => bench.cabinet.strike('feed', 'doubleFeed', 'after');
const placeOf = (serial: string) => core.stock.find(serial)?.place;
const incidents = () => openIncidents(core.journal.reader).map(({ incident }) => incident);
const TOLD = { what: 'doubleFed', feeder: 'kia', fed: 2 };

async function count(place: Parameters<typeof planCount>[1]['place'], counted: number) {
  const plan = planCount(core.journal.reader, { place, counted, by: PEOPLE[0] });
  await core.journal.append({ events: plan.events });
  return plan.incidentId ?? '';
}

const close = () => {
  const open = openIncidents(core.journal.reader).find(
    ({ incident }) => incident.what === 'doubleFed',
  );
  return planClosing(
    core.stock,
    { incidentId: open?.incidentId ?? '', finding: 'explained' },
    PEOPLE,
  );
};

async function commit(plan: ReturnType<typeof planClosing>): Promise<void> {
  if (!plan.ok) throw new Error(plan.error.kind);
  await core.journal.append({ events: plan.value });
}

describe('two blanks that leave a feeder at once', () => {
  it.each(['noSerialReader', 'full'] as const)(
    'are an incident that closes their kind until people counted the feeder: %s',
    async (profile) => {
      await bench.close();
      await open(profiles[profile]);
      strike();
      const { attemptId, ...settlement } = await printsKia();
      expect(settlement).toMatchObject({
        outcome: 'spoiled',
        blankSerial: 'KIA-0001',
        codeStillCounts: true,
        mayRetryNow: false,
      });
      expect(core.book.read(attemptId)?.faultCode).toBe('doubleFed');
      expect(incidents()).toEqual([TOLD]);
      expect(core.issuance.availability()).toMatchObject({
        kia: COUNT_NEEDED,
        ktpEl: { available: true },
      });
      expect(await printsKia()).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
      expect(close()).toMatchObject({ error: { kind: 'recountNeeded' } });

      const ofFeeder = await count({ in: 'feeder', feeder: 'kia' }, 4);
      expect(close()).toMatchObject({ error: { kind: 'recountNeeded' } });
      const missing = { incidentId: ofFeeder, missing: ['KIA-0002'], found: [] };
      await commit(planCorrection(core.stock, missing, PEOPLE));
      expect(core.issuance.availability().kia).toEqual(COUNT_NEEDED);
      const ofBin = await count({ in: 'rejectBin' }, 2);
      const inBin = { serial: 'KIA-0002', kind: 'kia', batch: 'B-2' } as const;
      const found = { incidentId: ofBin, missing: [], found: [inBin] };
      await commit(planCorrection(core.stock, found, PEOPLE));
      await commit(close());

      expect([placeOf('KIA-0001'), placeOf('KIA-0002')]).toEqual(['void', 'void']);
      expect(await printsKia()).toMatchObject({ outcome: 'delivered', blankSerial: 'KIA-0003' });
      expect(bench.cabinet.out).toEqual(['KIA-0003']);
      expect(core.stock.balance().difference).toBe(0);
      expect(core.journal.verify().firstBreak).toBeNull();
    },
  );

  it('are told of in a sentence with what ends it', async () => {
    strike();
    await printsKia();
    const [one] = openIncidents(core.journal.reader);
    if (one === undefined) throw new Error('no incident is open');
    expect(incidentLine(one.incident)).toMatch(/^Feeder kia gave 2 blanks where one was asked for/);
    expect(incidentEndLine(one.incidentId, one.incident)).toMatch(/count the feeder .*explained$/);
  });

  it('are an incident although the printer told nothing of itself after it fed', async () => {
    strike();
    await bench.print(core, requestOf('kia'), (progress) => {
      if (progress.kind !== 'step' || progress.step !== 'feeding') return;
      const command = 'getStatus';
      bench.cabinet.interfere({ device: 'cardPrinter', command, what: 'unreachable', times: 1 });
    });
    expect(incidents()).toEqual([TOLD]);
  });

  it('are an incident when they were fed for a test card, which is not printed', async () => {
    strike();
    const { settled } = await printTestCard(bench, core, 'kia');
    expect(settled).toMatchObject({ end: 'spoiled', faultCode: 'doubleFed' });
    expect(incidents()).toEqual([TOLD]);
    expect(core.issuance.availability().kia).toEqual(COUNT_NEEDED);
  });

  it.each(['attempt', 'test card'] as const)(
    'are one incident wherever core dies: %s',
    async (of) => {
      let died = true;
      let k = 0;
      let struck = 0;
      for (; died; k += 1) {
        await bench.close();
        await open();
        await bench.kill(core);
        strike();
        const life = new Life(k);
        const first = await bench.start({ life });
        const whole = first.issuance.recover().then(async () => {
          first.outbox.start();
          if (of === 'attempt') await bench.print(first, requestOf('kia'));
          else await printTestCard(bench, first, 'kia');
        });
        await Promise.race([whole, life.ended]);
        await new Promise((resolve) => setImmediate(resolve));
        died = life.isOver;
        await bench.kill(first);
        bench.cabinet.disarm();
        core = await bench.restart();
        await testCardsOf(bench, core).recover();
        const fed = bench.cabinet.parts.counters.fed;
        struck += fed === 2 ? 1 : 0;
        const told = incidents().filter(({ what }) => what === 'doubleFed');
        expect([k, told]).toEqual([k, fed === 2 ? [TOLD] : []]);
      }
      expect(struck).toBeGreaterThan(2);
    },
    60_000,
  );
});

it('a mutant that leaves the second blank untold takes each later one for the one before it', async () => {
  await bench.kill(core);
  const silent = (journal: Journal): Journal =>
    new Proxy(journal, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== 'append') {
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        }
        return (entry: Parameters<Journal['append']>[0]) =>
          target.append({
            ...entry,
            events: entry.events.filter(
              (event) =>
                event.kind !== 'stock.incidentFound' || event.incident.what !== 'doubleFed',
            ),
          });
      },
    });
  core = await bench.restart({ journal: silent });
  strike();
  await printsKia();
  expect(await printsKia()).toMatchObject({ outcome: 'delivered', blankSerial: 'KIA-0002' });
  expect(bench.cabinet.out).toEqual(['KIA-0003']);
  expect(core.stock.balance().difference).toBe(0);
});
