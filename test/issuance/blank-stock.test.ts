import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import { BlankStock } from '../../src/issuance/blank-stock.ts';
import { Bench, requestOf, type Core } from './bench.ts';

describe('the ledger of blanks', () => {
  let bench: Bench;
  let core: Core;
  beforeEach(async () => {
    bench = await Bench.open();
    core = await bench.restart();
  });
  afterEach(() => bench.close());

  const load = {
    feeder: 'ktp',
    kind: 'ktpEl' as const,
    batch: 'B-9',
    firstSerial: 'KTP-0101',
    count: 3,
  };

  it('takes a batch that two people loaded', async () => {
    const by = [newId('per'), newId('per')];
    expect(await core.stock.load({ ...load, by })).toEqual({ ok: true, value: undefined });
    expect(core.stock.find('KTP-0103')).toMatchObject({ place: 'inFeeder', batch: 'B-9' });
    expect(core.stock.balance()).toMatchObject({ loaded: 15, difference: 0 });
  });

  it('refuses one person, and the same person twice', async () => {
    const person = newId('per');
    const refused = { ok: false, error: { kind: 'twoPeopleNeeded' } };
    expect(await core.stock.load({ ...load, by: [person] })).toEqual(refused);
    expect(await core.stock.load({ ...load, by: [person, person] })).toEqual(refused);
  });

  it('refuses blanks that load themselves in live mode', async () => {
    const live = new BlankStock(core.journal, 'live');
    expect(await live.load({ ...load, by: [] })).toMatchObject({
      error: { kind: 'twoPeopleNeeded' },
    });
  });

  it('refuses a serial that was loaded before, whatever became of it', async () => {
    await bench.print(core, requestOf('ktpEl'));
    expect(await core.stock.load({ ...load, firstSerial: 'KTP-0001', by: [] })).toMatchObject({
      error: { kind: 'loadedBefore', serial: 'KTP-0001' },
    });
  });

  it('refuses to mix kinds in a feeder', async () => {
    const mixed = { ...load, kind: 'kia' as const, firstSerial: 'KIA-0101', by: [] };
    expect(await core.stock.load(mixed)).toMatchObject({
      error: { kind: 'otherKindInFeeder', loaded: 'ktpEl' },
    });
  });

  it('shows a blank that vanished from the ledger, and journals it after the next attempt', async () => {
    core.database.run("DELETE FROM blanks WHERE serial = 'KTP-0006'");
    expect(core.stock.balance().difference).toBe(1);
    await bench.print(core, requestOf('kia'));
    const incidents = core.journal
      .rows(1, 1_000)
      .filter(({ event }) => event.kind === 'stock.incidentFound');
    expect(incidents).toHaveLength(1);
  });
});
