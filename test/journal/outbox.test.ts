import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { OutboxItem, OutboxMessage } from '../../src/journal/outbox/message.ts';
import { OutboxSender, type Delivery } from '../../src/journal/outbox/outbox-sender.ts';
import { countWaiting } from '../../src/journal/outbox/outbox-table.ts';
import {
  discard,
  openFixture,
  started,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

/** A registry that answers as it is told; unknown questions fail the test. */
class ScriptedRegistry {
  readonly asked: OutboxItem[] = [];
  answer: (item: OutboxItem) => Delivery | Promise<Delivery> = () => ({
    end: 'done',
    events: () => [],
  });

  readonly deliver = async (item: OutboxItem): Promise<Delivery> => {
    this.asked.push(item);
    return this.answer(item);
  };
}

let clock: FakeClock;
let fixture: OpenedFixture;
let registry: ScriptedRegistry;
let sender: OutboxSender;

const newSender = (): OutboxSender =>
  new OutboxSender({ journal: fixture.journal, deliver: registry.deliver, clock });

beforeEach(async () => {
  clock = new FakeClock();
  fixture = openFixture(temporaryFolder(), clock);
  registry = new ScriptedRegistry();
  sender = newSender();
  await fixture.journal.append({ events: [started] });
});
afterEach(async () => {
  await sender.stop();
  fixture.folder.close();
  discard(fixture.path);
});

const owe = (...messages: OutboxMessage[]) =>
  fixture.journal.append({
    events: [touched()],
    also: (tx) => {
      for (const message of messages) tx.enqueue(keyOf(message), message);
    },
  });
const hold = (attemptId: string): OutboxMessage => ({ kind: 'hold', attemptId });
const release = (attemptId: string): OutboxMessage => ({ kind: 'release', attemptId });
const keyOf = (message: OutboxMessage): string =>
  'attemptId' in message ? `${message.kind}:${message.attemptId}` : JSON.stringify(message);
const keptKeys = () =>
  fixture.journal.reader.all(
    z.strictObject({ idempotency_key: z.string() }),
    'SELECT idempotency_key FROM outbox',
  );
const askedFor = (): string[] => registry.asked.map(({ message }) => keyOf(message));

describe('the outbox', () => {
  it('delivers a rating, and writes no row that it arrived', async () => {
    sender.start();
    const feedback = { sessionId: newId('ses'), element: 'U3', score: 4 };
    await owe({ kind: 'feedback', feedback });
    const before = fixture.journal.size();
    await sender.idle();
    expect(registry.asked).toHaveLength(1);
    expect(fixture.journal.size()).toBe(before);
    expect(countWaiting(fixture.journal.reader)).toBe(0);
  });

  it('forgets what was delivered, and the key too where the same is never owed again', async () => {
    sender.start();
    const sessionId = newId('ses');
    const correction = { requestId: 'REQ-1', sessionId, note: 'dataWrong' } as const;
    const attemptId = newId('att');
    await owe(
      { kind: 'feedback', feedback: { sessionId, element: 'U3', score: 4 } },
      { kind: 'correction', correction },
      hold(attemptId),
    );
    await sender.idle();
    expect(keptKeys()).toEqual([{ idempotency_key: keyOf(hold(attemptId)) }]);
  });

  it('delivers what a commit owes, once, and records it', async () => {
    sender.start();
    const attemptId = newId('att');
    await owe(hold(attemptId));
    await sender.idle();
    expect(askedFor()).toEqual([keyOf(hold(attemptId))]);
    const [last] = fixture.journal.rows(1, 99).slice(-1);
    expect(last?.event).toMatchObject({ kind: 'registry.messageSettled', end: 'done', tries: 1 });
    expect(countWaiting(fixture.journal.reader)).toBe(0);
  });

  it('owes a message once, however often it is enqueued under its key', async () => {
    const attemptId = newId('att');
    await owe(hold(attemptId), hold(attemptId));
    await owe(hold(attemptId));
    expect(countWaiting(fixture.journal.reader)).toBe(1);
    sender.start();
    await sender.idle();
    await owe(hold(attemptId));
    await sender.idle();
    expect(registry.asked).toHaveLength(1);
  });

  it('owes nothing of a commit that failed', async () => {
    const failing = fixture.journal.append({
      events: [touched()],
      also: (tx) => {
        tx.enqueue('k', hold(newId('att')));
        throw new Error('undone');
      },
    });
    await expect(failing).rejects.toThrow('undone');
    expect(countWaiting(fixture.journal.reader)).toBe(0);
  });

  it('keeps the order within an attempt and lets other attempts pass', async () => {
    const [stuck, other] = [newId('att'), newId('att')];
    await owe(hold(stuck), release(stuck), hold(other));
    registry.answer = ({ message }) =>
      message.kind === 'hold' && message.attemptId === stuck
        ? { end: 'retry' }
        : { end: 'done', events: () => [] };
    sender.start();
    await sender.idle();
    expect(askedFor()).not.toContain(keyOf(release(stuck)));
    expect(askedFor()).toContain(keyOf(hold(other)));
    registry.answer = () => ({ end: 'done', events: () => [] });
    clock.advance(4_000);
    await sender.idle();
    expect(askedFor().slice(-2)).toEqual([keyOf(hold(stuck)), keyOf(release(stuck))]);
  });

  it('tries for ever, with pauses that double up to five minutes', async () => {
    registry.answer = () => ({ end: 'retry' });
    await owe(hold(newId('att')));
    sender.start();
    await sender.idle();
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const tries = registry.asked.length;
      let pause = 0;
      while (registry.asked.length === tries) {
        clock.advance(1_000);
        pause += 1_000;
        await sender.idle();
      }
      pauses.push(pause / 1_000);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('wakes every waiting attempt once the registry has answered one', async () => {
    registry.answer = () => ({ end: 'retry' });
    const waiting = [newId('att'), newId('att'), newId('att')];
    await owe(...waiting.map(hold));
    sender.start();
    await sender.idle();
    for (let second = 0; second < 60; second += 1) {
      clock.advance(1_000);
      await sender.idle();
    }
    registry.answer = () => ({ end: 'done', events: () => [] });
    await owe(hold(newId('att')));
    await sender.idle();
    expect(countWaiting(fixture.journal.reader)).toBe(0);
  });

  it('is held up by no message that is never answered, however many go by', async () => {
    const poisoned = newId('att');
    registry.answer = ({ message }) =>
      'attemptId' in message && message.attemptId === poisoned
        ? { end: 'retry' }
        : { end: 'done', events: () => [] };
    sender.start();
    await owe(hold(poisoned));
    await sender.idle();
    const others = Array.from({ length: 20 }, () => newId('att'));
    for (const attemptId of others) {
      await owe(hold(attemptId));
      await sender.idle();
    }
    const tries = (): number => askedFor().filter((key) => key === keyOf(hold(poisoned))).length;
    expect(askedFor()).toEqual(expect.arrayContaining(others.map((id) => keyOf(hold(id)))));
    // Once by itself, and once because the registry had answered something.
    expect(tries()).toBe(2);
    clock.advance(4_000);
    await sender.idle();
    expect(tries()).toBe(3);
    expect(countWaiting(fixture.journal.reader)).toBe(1);
  });

  it.each([
    ['is no JSON', '{"kind":"hol'],
    ['is of a kind it does not know', '{"kind":"greeting","attemptId":"att_X"}'],
    ['has another shape', '{"kind":"hold","attemptId":"att_X","why":1}'],
  ])(
    'keeps a message that %s, sends what is not behind it, and nothing that is',
    async (_, json) => {
      const [spoiled, other] = [newId('att'), newId('att')];
      await owe(hold(spoiled), release(spoiled), hold(other));
      await fixture.journal.append({
        events: [touched()],
        also: ({ sql }) =>
          sql.run('UPDATE outbox SET message_json = ? WHERE lane = ? AND id = 1', json, spoiled),
      });
      sender.start();
      await sender.idle();
      expect(askedFor()).toEqual([keyOf(hold(other))]);
      expect(countWaiting(fixture.journal.reader)).toBe(2);
      clock.advance(3_600_000);
      await sender.idle();
      expect(countWaiting(fixture.journal.reader)).toBe(2);
    },
  );

  it('keeps the order of an attempt, pauses included, over a restart in the middle', async () => {
    const [one, two] = [newId('att'), newId('att')];
    await owe(hold(one), hold(two), release(one), release(two));
    registry.answer = ({ message }) =>
      message.kind === 'hold' ? { end: 'done', events: () => [] } : { end: 'retry' };
    sender.start();
    await sender.idle();
    await sender.stop();
    fixture.folder.close();
    fixture = openFixture(fixture.path, clock);
    registry.asked.length = 0;
    registry.answer = () => ({ end: 'done', events: () => [] });
    sender = newSender();
    sender.start();
    await sender.idle();
    expect(askedFor()).toEqual([keyOf(release(one)), keyOf(release(two))]);
    expect(countWaiting(fixture.journal.reader)).toBe(0);
  });

  it('still owes after a crash what was not acknowledged, under the same key', async () => {
    const message = hold(newId('att'));
    await owe(message);
    registry.answer = () => ({ end: 'retry' });
    sender.start();
    await sender.idle();
    await sender.stop();
    fixture.folder.close();
    fixture = openFixture(fixture.path, clock);
    registry.answer = () => ({ end: 'done', events: () => [] });
    sender = newSender();
    sender.start();
    await sender.idle();
    const keys = new Set(registry.asked.map(({ idempotencyKey }) => idempotencyKey));
    expect([...keys]).toEqual([keyOf(message)]);
    expect(countWaiting(fixture.journal.reader)).toBe(0);
    expect(fixture.journal.verify().firstBreak).toBeNull();
  });

  it('keeps a conflict for people and goes on with the attempt', async () => {
    const attemptId = newId('att');
    registry.answer = ({ message }) => ({
      end: message.kind === 'hold' ? 'conflict' : 'done',
      events: () => [],
    });
    await owe(hold(attemptId), release(attemptId));
    sender.start();
    await sender.idle();
    expect(askedFor()).toEqual([keyOf(hold(attemptId)), keyOf(release(attemptId))]);
    expect(countWaiting(fixture.journal.reader)).toBe(0);
    const state = z.strictObject({ state: z.string() });
    const states = fixture.journal.reader.all(state, 'SELECT state FROM outbox ORDER BY id');
    expect(states).toEqual([{ state: 'conflict' }, { state: 'done' }]);
  });

  it('commits what an answer means together with its end', async () => {
    const attemptId = newId('att');
    registry.answer = () => ({
      end: 'done',
      events: () => [
        {
          kind: 'registry.outcomeReported',
          attemptId,
          receiptId: 'R-1',
          requestState: 'diserahkan',
        },
      ],
    });
    await owe(release(attemptId));
    sender.start();
    await sender.idle();
    expect(fixture.journal.rows(3, 9).map(({ event }) => event.kind)).toEqual([
      'registry.outcomeReported',
      'registry.messageSettled',
    ]);
  });
});
