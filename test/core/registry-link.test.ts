import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { err, ok } from '../../src/base/result.ts';
import { RegistryLink } from '../../src/core/registry-link.ts';
import type { Heartbeat, OutcomeSink } from '../../src/registry/ports.ts';
import { discard, openFixture, started, temporaryFolder, touched } from '../journal/fixture.ts';

const EVERY_MS = 60_000;
let clock: FakeClock;
let path: string;
let fixture: ReturnType<typeof openFixture>;
let beats: Heartbeat[];
let registryIsUp: boolean;
let changes: boolean[];
let pulses: number;
let answer: () => ReturnType<OutcomeSink['heartbeat']>;
let fatal: unknown[];

beforeEach(() => {
  clock = new FakeClock();
  path = temporaryFolder();
  fixture = openFixture(path, clock);
  beats = [];
  changes = [];
  pulses = 0;
  answer = () => Promise.resolve(registryIsUp ? ok(undefined) : err({ kind: 'unreachable' }));
  fatal = [];
  registryIsUp = true;
});
afterEach(() => {
  expect(fatal).toEqual([]);
  fixture.folder.close();
  discard(path);
});

const link = ({ keepsHeads = true } = {}): RegistryLink =>
  new RegistryLink({
    outcomes: {
      heartbeat: (beat) => {
        beats.push(beat);
        return answer();
      },
    },
    journal: fixture.journal,
    clock,
    keepsHeads,
    everyMs: EVERY_MS,
    inService: () => true,
    onChanged: (answering) => changes.push(answering),
    onBeat: () => (pulses += 1),
    fatal: (cause) => fatal.push(cause),
  });

async function nextBeat(ms: number): Promise<void> {
  const before = beats.length;
  clock.advance(ms);
  while (beats.length === before) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

const rows = (): string[] => fixture.journal.rows(1, 1_000).map(({ event }) => event.kind);

describe('the link to the registry', () => {
  it('hands over a signed head of all that is on record, and notes that it is kept', async () => {
    await fixture.journal.append({ events: [started, touched()] });
    const one = link();
    await one.start();
    expect(beats[0]?.journalHead?.size).toBe(2);
    expect(one.anchoredThrough()).toBe(2);
    expect(rows()).toContain('registry.headAnchored');
    await one.stop();
  });

  it('hands no head to a registry that keeps none, and notes nothing as kept', async () => {
    await fixture.journal.append({ events: [started, touched()] });
    const one = link({ keepsHeads: false });
    await one.start();
    expect(beats[0]?.journalHead).toBeNull();
    expect(one.answering()).toBe(true);
    expect(one.anchoredThrough()).toBeNull();
    expect(rows()).not.toContain('registry.headAnchored');
    await one.stop();
  });

  it('rests while nothing happens: the note of an anchoring is no reason for the next', async () => {
    await fixture.journal.append({ events: [started] });
    const one = link();
    await one.start();
    await nextBeat(EVERY_MS);
    const settled = rows().length;
    for (let beat = 0; beat < 5; beat += 1) await nextBeat(EVERY_MS);
    expect(rows()).toHaveLength(settled);
    await one.stop();
  });

  it('knows from an earlier run what the registry keeps', async () => {
    await fixture.journal.append({ events: [started] });
    const one = link();
    await one.start();
    await one.stop();
    expect(link().anchoredThrough()).toBe(one.anchoredThrough());
  });

  it('says when the registry ceases to answer and when it is back, once each', async () => {
    await fixture.journal.append({ events: [started] });
    const one = link();
    await one.start();
    registryIsUp = false;
    await nextBeat(EVERY_MS);
    await nextBeat(5_000);
    expect(one.answering()).toBe(false);
    registryIsUp = true;
    await nextBeat(5_000);
    expect(one.answering()).toBe(true);
    expect(changes).toEqual([true, false, true]);
    expect(pulses).toBe(beats.length);
    await one.stop();
  });

  it('stops only when the beat under way has ended, and records nothing of it', async () => {
    await fixture.journal.append({ events: [started] });
    const one = link();
    await one.start();
    const before = rows();
    const late = Promise.withResolvers<Awaited<ReturnType<OutcomeSink['heartbeat']>>>();
    answer = () => late.promise;
    await nextBeat(EVERY_MS);
    let stopped = false;
    const stopping = one.stop().then(() => (stopped = true));
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(stopped).toBe(false);
    late.resolve(err({ kind: 'unreachable' }));
    await stopping;
    expect(rows()).toEqual(before);
    const sent = beats.length;
    clock.advance(10 * EVERY_MS);
    expect(beats).toHaveLength(sent);
  });
});
