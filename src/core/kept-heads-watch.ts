import * as z from 'zod';
import { registryForgot } from '../issuance/stock/registry-forgot.ts';
import type { Journal } from '../journal/journal.ts';
import type { HeadKeeper, JournalHead } from '../registry/ports.ts';

const ASK_MS = 8_000;

const anchoredHead = z.strictObject({ size: z.number().int(), head: z.string() });

/**
 * Holds the journal against the heads that the registry keeps of it, once a run, before anybody is
 * served: a journal whose newest rows were lost, or an older copy that was put back, is noticed here
 * even where the whole data folder came from a backup. So is a registry that was put back, because it lacks the
 * head that it acknowledged last.
 */
export class KeptHeadsWatch {
  readonly #journal: Journal;
  readonly #keeper: HeadKeeper;
  #finding: 'unknown' | 'agrees' | 'disputed' = 'unknown';
  #asking: Promise<void> | null = null;

  constructor(journal: Journal, keeper: HeadKeeper) {
    this.#journal = journal;
    this.#keeper = keeper;
  }

  finding(): 'unknown' | 'agrees' | 'disputed' {
    return this.#finding;
  }

  /** Asks where it is not known yet. Completes when the registry answered, or did not in time. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    if (this.#finding !== 'unknown') return;
    const anchored = this.#newestAnchored();
    let isKept = anchored === null;
    let after = (anchored?.size ?? 1) - 1;
    for (;;) {
      const page = await this.#keeper.readHeads(Math.max(0, after), { deadlineMs: ASK_MS });
      if (!page.ok) return;
      const { heads, more } = page.value;
      const unborne = this.#journal.firstUnborne(heads);
      if (unborne !== null) {
        await this.#dispute(unborne);
        return;
      }
      isKept ||= heads.some(({ size, head }) => size === anchored?.size && head === anchored.head);
      const last = heads.at(-1);
      if (!more || last === undefined) break;
      after = last.size;
    }
    if (!isKept) await this.#forgotten();
    this.#finding = 'agrees';
  }

  /** What it keeps is borne out, but what it acknowledged last is not there: other things may be gone too. */
  async #forgotten(): Promise<void> {
    const forgotten = { of: 'head', requestId: null } as const;
    const events = registryForgot(this.#journal.reader, forgotten);
    if (events.length > 0) await this.#journal.append({ events });
  }

  async #dispute({ size, head }: JournalHead): Promise<void> {
    this.#finding = 'disputed';
    const rows = this.#journal.size();
    await this.#journal.append({ events: [{ kind: 'registry.headDisputed', size, head, rows }] });
  }

  /** From here on the registry is asked: what it had acknowledged before is in this journal. null: nothing yet. */
  #newestAnchored(): z.infer<typeof anchoredHead> | null {
    const newest = this.#journal.reader.get(
      anchoredHead,
      `SELECT seq AS size, lower(hex(hash)) AS head FROM rows WHERE seq = (
         SELECT json_extract(body, '$.event.size') FROM rows
         WHERE asked_kind = 'registry.headAnchored' ORDER BY seq DESC LIMIT 1
       )`,
    );
    return newest ?? null;
  }
}
