import * as z from 'zod';
import type { Clock, TimerHandle } from '../base/clock.ts';
import type { Journal } from '../journal/journal.ts';
import type { OutcomeSink } from '../registry/ports.ts';

const BEAT_DEADLINE_MS = 8_000;
/** While the registry does not answer it is asked more often, so that service comes back soon. */
const RETRY_MS = 5_000;

const anchored = z.strictObject({ size: z.number().int().nullable() });

export interface RegistryLinkParts {
  readonly outcomes: Pick<OutcomeSink, 'heartbeat'>;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Whether it keeps the head it is handed; one that does not is handed none. */
  readonly keepsHeads: boolean;
  readonly inService: () => boolean;
  /** Called when the registry begins or ceases to answer. */
  readonly onChanged: (answering: boolean) => void;
  /** Called after each beat, answered or not: the terminal's own pulse. */
  readonly onBeat: () => void;
  readonly fatal: (cause: unknown) => void;
}

/** Tells the registry that this terminal lives, hands it the journal's head, and knows whether it answers. */
export class RegistryLink {
  readonly #parts: RegistryLinkParts;
  #answering: boolean | null = null;
  #timer: TimerHandle | null = null;
  #stopped = false;
  #beating: Promise<void> = Promise.resolve();
  #anchoredThrough: number | null;

  constructor(parts: RegistryLinkParts) {
    this.#parts = parts;
    const newest = parts.journal.reader.get(
      anchored,
      `SELECT json_extract(body, '$.event.size') AS size FROM rows
       WHERE asked_kind = 'registry.headAnchored' ORDER BY seq DESC LIMIT 1`,
    );
    this.#anchoredThrough = newest?.size ?? null;
  }

  answering(): boolean | null {
    return this.#answering;
  }

  /** The newest row that a head kept by the registry covers. */
  anchoredThrough(): number | null {
    return this.#anchoredThrough;
  }

  /** Completes after the first beat, answered or not. */
  start(): Promise<void> {
    this.#beating = this.#beat();
    return this.#beating;
  }

  /** Completes when the beat under way, if any, has ended; nothing is recorded after that. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { outcomes, journal, clock, everyMs, inService, keepsHeads } = this.#parts;
    const head = keepsHeads ? await this.#headToAnchor() : null;
    const answer = await outcomes.heartbeat(
      {
        terminalId: journal.terminalId,
        at: clock.now(),
        journalHead: head,
        inService: inService(),
      },
      { deadlineMs: BEAT_DEADLINE_MS },
    );
    if (this.#isStopped()) return;
    if (answer.ok && head !== null && head.size !== this.#anchoredThrough) {
      this.#anchoredThrough = head.size;
      await journal.append({
        events: [{ kind: 'registry.headAnchored', size: head.size }],
      });
    }
    await this.#note(answer.ok);
    this.#parts.onBeat();
    if (this.#isStopped()) return;
    this.#timer = clock.after(answer.ok ? everyMs : RETRY_MS, () => {
      this.#beating = this.#beat();
      this.#beating.catch(this.#parts.fatal);
    });
  }

  /** The row that notes an anchoring is itself no reason for the next one: the terminal would never rest. */
  async #headToAnchor() {
    const { journal } = this.#parts;
    const newest = journal.head();
    const onlyTheNote = newest !== null && newest.size === this.#anchoredThrough;
    const rowsSince = journal.rows((newest?.size ?? 0) + 1, Number.MAX_SAFE_INTEGER);
    const worthIt = rowsSince.some(({ event }) => event.kind !== 'registry.headAnchored');
    return worthIt || !onlyTheNote ? ((await journal.checkpoint()) ?? newest) : newest;
  }

  /** Asked anew after each wait, during which a stop may have come. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  async #note(answering: boolean): Promise<void> {
    if (answering === this.#answering) return;
    this.#answering = answering;
    await this.#parts.journal.append({
      events: [{ kind: 'registry.availabilityChanged', available: answering }],
    });
    this.#parts.onChanged(answering);
  }
}
