import type * as z from 'zod';
import type { Result } from '../../base/result.ts';
import type { printLogSchema, Timeline, Verdict } from '../../rpc/console.ts';

export type PrintLogPage = z.infer<typeof printLogSchema>;

/**
 * Why a question has no answer; nothing was changed, and it may be asked again. `busy`: too many wait
 * already. `failed`: whoever was reading ended in the middle of it. `timedOut`: it took too long and was
 * broken off. `stopped`: the terminal is going down.
 */
export type QueryTrouble = { readonly kind: 'busy' | 'failed' | 'timedOut' | 'stopped' };

/** What the pages of registry staff ask of a record: this terminal's journal, or an office's store of many. */
export interface RecordQueries {
  /** Attempts, newest first, at most `limit`; `beforeSeq` is the `openedSeq` of the last one already shown. */
  attempts(page: {
    readonly beforeSeq: number | null;
    readonly limit: number;
  }): Promise<Result<PrintLogPage, QueryTrouble>>;
  /** One attempt and every row that names it; null: there is no such attempt. */
  timeline(attemptId: string): Promise<Result<Timeline | null, QueryTrouble>>;
  /** Reads everything and says whether the record holds. */
  verdict(): Promise<Result<Verdict, QueryTrouble>>;
}
