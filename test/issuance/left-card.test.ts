import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import { ledgerFigure } from '../../src/issuance/stock/bins.ts';
import { Bench, requestOf, type Core } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.kill(await bench.start());
  bench.cabinet.oldCards.held = true;
});
afterEach(() => bench.close());

const silent = (times: number) =>
  bench.cabinet.interfere({
    device: 'cardReader',
    command: 'getStatus',
    what: 'unreachable',
    times,
  });
const told = ({ journal }: Core) =>
  journal
    .rows(1, 1_000)
    .flatMap(({ event }) =>
      event.kind === 'oldCard.foundAtStart' || event.kind === 'oldCard.keptForDesk' ? [event] : [],
    );
const inBin = ({ journal }: Core) => ledgerFigure(journal.reader, { in: 'captureBin' });

describe('a card that somebody left in a reader which starts more slowly than core', () => {
  it('goes to the bin and on the record as soon as the reader tells of it, once', async () => {
    silent(2);
    const core = await bench.restart();
    expect(core.recovery.oldCardCaptured).toBe(false);
    expect(told(core)).toEqual([]);
    expect(bench.cabinet.oldCards.held).toBe(true);

    await Promise.all([core.issuance.refresh(), core.issuance.refresh()]);
    expect(bench.cabinet.oldCards).toMatchObject({ held: false, captured: 1 });
    expect(told(core)).toMatchObject([
      { kind: 'oldCard.foundAtStart', device: 'cardReader' },
      { kind: 'oldCard.keptForDesk', captured: true, capturedCount: 1 },
    ]);
    expect(inBin(core)).toBe(1);
    const before = bench.cabinet.commands.filter((name) => name === 'captureCard').length;
    await core.issuance.refresh();
    expect(bench.cabinet.commands.filter((name) => name === 'captureCard')).toHaveLength(before);
  });

  it('is waited for where the reader answers and cannot tell yet', async () => {
    bench.cabinet.oldCards.unseen = true;
    const core = await bench.restart();
    expect(told(core)).toEqual([]);
    bench.cabinet.oldCards.unseen = false;
    await core.issuance.refresh();
    expect(bench.cabinet.oldCards).toMatchObject({ held: false, captured: 1 });
    expect(inBin(core)).toBe(1);
  });

  it('is not asked about while the reader is known to be away', async () => {
    silent(2);
    const core = await bench.restart();
    bench.cabinet.pages.status = {
      state: 'powerOff',
      reasons: ['unreachable'],
      requiredAction: 'maintenance',
    };
    await core.issuance.refresh();
    expect(bench.cabinet.oldCards.held).toBe(true);
    bench.cabinet.pages.status = { state: 'online', reasons: [], requiredAction: 'none' };
    await core.issuance.refresh();
    expect(bench.cabinet.oldCards.held).toBe(false);
  });

  it('is never the card that a citizen of this run put in', async () => {
    bench.cabinet.oldCards.held = false;
    silent(2);
    const core = await bench.restart();
    const ids = { sessionId: newId('ses'), commandId: newId('cmd') };
    await core.journal.append({
      events: [
        {
          kind: 'oldCard.acceptCommanded',
          ...ids,
          device: 'cardReader',
          requestId: requestOf('ktpEl').requestId,
        },
      ],
    });
    bench.cabinet.oldCards.held = true;
    await core.issuance.refresh();
    expect(bench.cabinet.oldCards).toMatchObject({ held: true, captured: 0 });
    expect(told(core)).toEqual([]);
  });

  it('is looked for once: what stands in a reader that told of none at the start is a citizen’s', async () => {
    bench.cabinet.oldCards.held = false;
    const core = await bench.restart();
    bench.cabinet.oldCards.held = true;
    await core.issuance.refresh();
    expect(bench.cabinet.oldCards).toMatchObject({ held: true, captured: 0 });
  });
});
