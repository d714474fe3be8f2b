import { assert } from '../../base/assert.ts';
import { ok } from '../../base/result.ts';
import type { Clock, TimerHandle } from '../../base/clock.ts';
import type { JournalEvent } from '../catalogue.ts';
import type { Journal } from '../journal.ts';
import type { OutboxItem } from './message.ts';
import { frontOfLanes, settleItem } from './outbox-table.ts';

/**
 * What a try came to. `done` and `conflict` are answers of the registry; what they mean for our own record,
 * as it is by then, is committed with them. `retry`: no answer we can use.
 */
export type Delivery =
  | { readonly end: 'done' | 'conflict'; readonly events: () => readonly JournalEvent[] }
  | { readonly end: 'retry' };

export type Deliver = (item: OutboxItem) => Promise<Delivery>;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** Due at once, whatever its pause. */
const WOKEN = Number.NEGATIVE_INFINITY;

interface Lane {
  tries: number;
  dueMs: number;
  /** Its last try came before its pause was over, and failed: the next one waits for its time. */
  woken: boolean;
}

/**
 * Delivers what the registry is owed, for ever: one message at a time, in order within a lane, with
 * pauses that double up to five minutes. An answer to any lane wakes the others, for the registry is
 * back; once each, or a message that is never answered would be tried again after every other. Tries are
 * counted in memory; after a restart every waiting message is tried at once.
 */
export class OutboxSender {
  readonly #journal: Journal;
  readonly #deliver: Deliver;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  #running = false;
  #round: Promise<void> | null = null;
  #again = false;
  #timer: TimerHandle | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(parts: {
    readonly journal: Journal;
    readonly deliver: Deliver;
    readonly clock: Clock;
  }) {
    this.#journal = parts.journal;
    this.#deliver = parts.deliver;
    this.#clock = parts.clock;
  }

  start(): void {
    assert(!this.#running, 'the outbox sender is running');
    this.#running = true;
    this.#unsubscribe = this.#journal.onEnqueued(() => this.#wake());
    this.#wake();
  }

  /** Completes when the try under way, if any, has ended and its end is committed. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#round;
  }

  /** Tries everything now, as when the registry is known to be back. */
  tryNow(): void {
    for (const lane of this.#lanes.values()) lane.dueMs = WOKEN;
    this.#wake();
  }

  /** Completes when no round is under way; for those who drive the clock. */
  async idle(): Promise<void> {
    while (this.#round !== null) await this.#round;
  }

  #wake(): void {
    if (!this.#running) return;
    this.#timer?.cancel();
    if (this.#round !== null) {
      this.#again = true;
      return;
    }
    // A failure here is a failure to commit or a bug, and ends the process by its exit policy.
    this.#round = this.#sendAllDue().finally(() => {
      this.#round = null;
      if (this.#again) this.#wake();
      else this.#sleep();
    });
  }

  async #sendAllDue(): Promise<void> {
    for (;;) {
      this.#again = false;
      const next = frontOfLanes(this.#journal.reader).find(({ lane }) => this.#isDue(lane));
      if (next === undefined || !this.#running) return;
      await this.#sendOne(next);
    }
  }

  async #sendOne(item: OutboxItem & { readonly lane: string }): Promise<void> {
    const before = this.#lanes.get(item.lane);
    const tries = (before?.tries ?? 0) + 1;
    const delivery = await this.#deliver(item);
    if (delivery.end === 'retry') {
      const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS);
      const woken = before?.dueMs === WOKEN;
      this.#lanes.set(item.lane, { tries, dueMs: this.#clock.monotonicMs() + pauseMs, woken });
      return;
    }
    const { end } = delivery;
    await this.#journal.appendPlanned(() =>
      ok({
        events: eventsOf(item, tries, delivery),
        also: ({ sql }) => settleItem(sql, item, end, tries),
      }),
    );
    this.#lanes.delete(item.lane);
    for (const lane of this.#lanes.values()) if (!lane.woken) lane.dueMs = WOKEN;
  }

  #isDue(lane: string): boolean {
    return (this.#lanes.get(lane)?.dueMs ?? 0) <= this.#clock.monotonicMs();
  }

  #sleep(): void {
    if (!this.#running) return;
    const waiting = new Set(frontOfLanes(this.#journal.reader).map(({ lane }) => lane));
    const due = [...this.#lanes]
      .filter(([lane]) => waiting.has(lane))
      .map(([, { dueMs }]) => dueMs);
    if (due.length === 0) return;
    const pauseMs = Math.max(0, Math.min(...due) - this.#clock.monotonicMs());
    this.#timer = this.#clock.after(pauseMs, () => this.#wake());
  }
}

/**
 * What was answered and that the message is settled; the receipt for a report says both. A rating is evidence of
 * nothing: that it was given is on record, and that it arrived needs no row.
 */
function eventsOf(
  { id, message }: OutboxItem,
  tries: number,
  answer: Extract<Delivery, { events: unknown }>,
): readonly JournalEvent[] {
  const { end } = answer;
  const events = answer.events();
  const isReceipt = ({ kind }: JournalEvent): boolean => kind === 'registry.outcomeReported';
  if (message.kind === 'outcomeReport' && events.some(isReceipt)) {
    return events.map((event) =>
      event.kind === 'registry.outcomeReported' ? { ...event, tries } : event,
    );
  }
  if (message.kind === 'feedback' && end === 'done') return events;
  return [
    ...events,
    { kind: 'registry.messageSettled', messageId: id, messageKind: message.kind, end, tries },
  ];
}
