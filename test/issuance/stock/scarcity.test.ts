import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  isServed,
  servedWhenScarce,
  type ScarceRule,
} from '../../../src/issuance/stock/scarcity.ts';
import { serviceStatus } from '../../../src/core/service-status.ts';
import { whyNotHere, whyNothing } from '../../../src/session/offer.ts';
import { ktpElOf } from '../../documents/sample-people.ts';
import { Bench, requestOf, type Core } from '../bench.ts';

const scarce: readonly ScarceRule[] = [
  { blankKind: 'ktpEl', below: 6, serve: ['first', 'lost'] },
  { blankKind: 'ktpEl', below: 3, serve: ['first'] },
];
const left = (n: number) => ({ remaining: () => n });

describe('the office’s ranking for a time of few blanks', () => {
  it('holds below its figure only, and the strictest rule that holds counts', () => {
    expect(servedWhenScarce(scarce, left(6))).toEqual({});
    expect(servedWhenScarce(scarce, left(5))).toEqual({ ktpEl: ['first', 'lost'] });
    expect(servedWhenScarce(scarce, left(2))).toEqual({ ktpEl: ['first'] });
  });

  it('says nothing of other kinds, nor of paper', () => {
    const served = servedWhenScarce(scarce, left(0));
    expect(isServed({ blankKind: 'kia', reason: 'lost' }, served)).toBe(true);
    expect(isServed({ blankKind: null, reason: 'lost' }, served)).toBe(true);
    expect(isServed({ blankKind: 'ktpEl', reason: 'lost' }, served)).toBe(false);
  });
});

describe('issuance with few blanks', () => {
  let bench: Bench;
  let core: Core;
  beforeEach(async () => {
    bench = await Bench.open();
    core = await bench.restart({ deps: { scarce } });
  });
  afterEach(() => bench.close());

  const lesser = requestOf('ktpEl', { reason: 'damaged' });

  it('serves everybody while there are enough', async () => {
    expect(core.issuance.availability().ktpEl).toEqual({ available: true, without: ['ktpElWna'] });
    const { settlement } = await bench.print(core, lesser);
    expect(settlement.outcome).toBe('delivered');
  });

  it('starts no request of a lesser rank: the registry is not asked and nothing moves', async () => {
    await bench.print(core, requestOf('ktpEl'));
    const other = { ...lesser, requestId: 'REQ-lesser' };
    bench.registry.add(other, { fields: ktpElOf() });
    const before = core.stock.balance();
    const asked = core.life.points.filter((point) => point === 'registry.reserve').length;
    expect(asked).toBe(1);
    const { settlement } = await bench.print(core, other);
    expect(settlement).toMatchObject({
      outcome: 'notPrinted',
      problem: 'blanksKept',
      codeStillCounts: true,
    });
    expect(core.life.points.filter((point) => point === 'registry.reserve')).toHaveLength(asked);
    expect(bench.registry.requests.get('REQ-lesser')).toMatchObject({
      state: 'siapCetak',
      holder: null,
    });
    expect(core.stock.balance()).toEqual(before);
  });

  it('tells the welcome who is served, and the list why another is not', async () => {
    await bench.print(core, requestOf('ktpEl'));
    const service = serviceStatus({
      issuance: core.issuance,
      cardReader: null,
      codeScanner: null,
      registryAnswers: () => true,
      hasSpace: () => true,
      recordHolds: () => true,
      clockIsTrusted: () => true,
    });
    expect(service).toMatchObject({ outOfService: null, scarce: { ktpEl: ['first', 'lost'] } });
    expect(whyNotHere(lesser, service)).toBe('blanksKept');
    expect(whyNotHere(requestOf('ktpEl'), service)).toBeNull();
    expect(whyNothing([lesser], service)).toBe('blanksKept');
  });
});
