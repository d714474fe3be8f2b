import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Bench, requestOf } from './bench.ts';

describe('issuance that is closed because the terminal stops', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('gives up an attempt of which nothing has moved', async () => {
    const core = await bench.restart();
    const attempt = core.issuance.start(bench.order(requestOf('kia')));
    core.issuance.close();
    expect(await attempt.settled).toMatchObject({ outcome: 'notPrinted', problem: 'cancelled' });
    expect(bench.cabinet.moves).toEqual([]);
    expect(core.issuance.underWay()).toBe(false);
  });

  it('lets a card that moves come to its end, and starts no other after it', async () => {
    const core = await bench.restart();
    bench.cabinet.strike('print', 'ribbonOut', 'before');
    const { settlement } = await bench.print(core, requestOf('kia'), (progress) => {
      if (progress.kind === 'step' && progress.step === 'printing') core.issuance.close();
      bench.takeWhenPresented(progress);
    });
    expect(settlement).toMatchObject({ outcome: 'spoiled', mayRetryNow: false });
    const next = await bench.print(core, requestOf('kia'));
    expect(next.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'cancelled' });
  });

  it('knows until when an attempt is under way', async () => {
    const core = await bench.restart();
    const seen: boolean[] = [core.issuance.underWay()];
    await bench.print(core, requestOf('kia'), (progress) => {
      if (progress.kind === 'presented') seen.push(core.issuance.underWay());
      bench.takeWhenPresented(progress);
    });
    expect([...seen, core.issuance.underWay()]).toEqual([false, true, false]);
  });
});
