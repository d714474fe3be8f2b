import * as z from 'zod';
import { event } from './define.ts';
import { count, digest, ownId } from './words.ts';

/**
 * Who stood behind an act on the record itself. A name and a reason in somebody's own words have no
 * place in an event: they lie beside it, and the event holds what they hash to.
 */
const decided = {
  personId: ownId.nullable().describe('null: no sign-in; the owner of the data folder, core down'),
  osUid: count.nullable().describe('the user of the operating system, where there was no sign-in'),
  noteSha256: digest.describe('of the note that names the person and gives the reason'),
} as const;

const atMs = z.number().int().describe('milliseconds since the Unix epoch');

/** Heads that one event excuses at most; more of them take several events. */
export const HEADS_A_LOSS = 500;

export const recordEvents = [
  event(
    'journal.lossAccepted',
    'A person took note that rows which once were there are lost, and let the terminal go on.',
    {
      lostAfter: count.describe('the last row that was still there'),
      lostThrough: count.describe('the last row that a head kept elsewhere covers'),
      head: digest.describe('of that head'),
      heads: z
        .array(digest)
        .min(1)
        .max(HEADS_A_LOSS)
        .optional()
        .describe('all that this row excuses, that one included; absent: that one alone'),
      ...decided,
    },
  ),
  event(
    'vault.lossAccepted',
    'A person took note that the keys of cases are lost; their personal fields are gone for good.',
    { cases: count, ...decided },
  ),
  event('case.erasureAsked', 'A person had cases erased before their time.', {
    cases: count,
    ...decided,
  }),
  event('visitors.exported', 'A person looked up who was at the terminal in a time.', {
    fromMs: atMs,
    toMs: atMs,
    cases: count,
    named: count.describe('cases whose personal fields were still there'),
    ...decided,
  }),
  event('retention.applied', 'What had outlived its time was removed.', {
    casesErased: count,
    casesKept: count.describe('past their time, kept because an outcome waits for people'),
    filesRemoved: count.describe('logs and diagnostics'),
    rowsPastRetention: count.describe(
      'rows older than the time they must be kept; none is removed',
    ),
  }),
] as const;
