import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ok } from '../../src/base/result.ts';
import { KeptHeadsWatch } from '../../src/core/kept-heads-watch.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import type { HeadKeeper, JournalHead } from '../../src/registry/ports.ts';
import {
  discard,
  openFixture,
  started,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from '../journal/fixture.ts';

let folder: string;
let fixture: OpenedFixture;
/** Of the journal, oldest first. */
let heads: JournalHead[];
beforeEach(async () => {
  folder = temporaryFolder();
  fixture = openFixture(folder);
  heads = [];
  await fixture.journal.append({ events: [started] });
  for (let time = 0; time < 3; time += 1) {
    await fixture.journal.append({ events: [touched()] });
    const head = await fixture.journal.checkpoint();
    if (head !== null) heads.push(head);
  }
});
afterEach(() => {
  fixture.folder.close();
  discard(folder);
});

/** Keeps these heads, one a page. */
const keeping = (kept: readonly JournalHead[]): HeadKeeper => ({
  readHeads: (afterSize) => {
    const left = kept.filter(({ size }) => size > afterSize);
    return Promise.resolve(ok({ heads: left.slice(0, 1), more: left.length > 1 }));
  },
});

async function acknowledged({ size }: JournalHead): Promise<void> {
  await fixture.journal.append({ events: [{ kind: 'registry.headAnchored', size }] });
}

const watch = (kept: readonly JournalHead[]) => new KeptHeadsWatch(fixture.journal, keeping(kept));
const doubts = () => openIncidents(fixture.journal.reader).map(({ incident }) => incident);
const headAt = (index: number): JournalHead => {
  const head = heads[index];
  if (head === undefined) throw new Error('no such head');
  return head;
};

describe('the watch over the heads that the registry keeps', () => {
  it('finds that a registry which keeps what it acknowledged agrees', async () => {
    await acknowledged(headAt(1));
    const watching = watch(heads);
    await watching.ask();
    expect(watching.finding()).toBe('agrees');
    expect(doubts()).toEqual([]);
  });

  it('doubts nothing before anything was acknowledged', async () => {
    await watch([]).ask();
    expect(doubts()).toEqual([]);
  });

  it('is not content with another head of the same size', async () => {
    await acknowledged(headAt(1));
    const watching = watch([headAt(0), { ...headAt(1), head: '0'.repeat(64) }, headAt(2)]);
    await watching.ask();
    expect(watching.finding()).toBe('disputed');
  });

  it('nor with one of rows whose loss a person took note of', async () => {
    await acknowledged(headAt(1));
    const lost = { ...headAt(1), head: '0'.repeat(64) };
    const loss = { lostAfter: 1, lostThrough: lost.size, head: lost.head } as const;
    const by = { personId: null, osUid: 0, noteSha256: '0'.repeat(64) } as const;
    await fixture.journal.append({
      events: [{ kind: 'journal.lossAccepted', ...loss, ...by }],
      checkpoint: true,
    });
    await watch([headAt(0), lost, headAt(2)]).ask();
    expect(doubts()).toContainEqual({ what: 'registryForgot', of: 'head', requestId: null });
  });

  it.each([
    ['every head', 0],
    ['the newest that it acknowledged', 1],
  ])('doubts a registry that lost %s, once, however often it is asked', async (_, left) => {
    await acknowledged(headAt(1));
    for (let start = 0; start < 2; start += 1) await watch(heads.slice(0, left)).ask();
    expect(doubts()).toEqual([{ what: 'registryForgot', of: 'head', requestId: null }]);
  });
});
