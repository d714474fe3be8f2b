import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as (options: object) => void;

/** Collects all of it, and gives the pages back that V8 would keep for what may come: they hold nothing. */
const collect = (): void => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });

export interface Sample {
  readonly session: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly descriptors: number;
  /** Real timers and handles of the process, and those set on the fake clock. */
  readonly handles: number;
  readonly timers: number;
  readonly databaseBytes: number;
}

/** What the process holds now, garbage collected. */
export function sampleOf(session: number, more: Pick<Sample, 'timers' | 'databaseBytes'>): Sample {
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    session,
    rssBytes: rss,
    heapBytes: heapUsed,
    descriptors: readdirSync('/proc/self/fd').length,
    handles: process.getActiveResourcesInfo().length,
    ...more,
  };
}

/** What a run of sessions costs the process and the disk. */
export interface Costs {
  readonly sessions: number;
  readonly rssBytesASession: number;
  /** After the warm-up, and at the end. */
  readonly descriptors: readonly [number, number];
  readonly databaseBytesASession: number;
}

/** Sessions from which on the slope of the memory is judged: over fewer it is that of the warm-up. */
const LONG_RUN = 5_000;
const RSS_BYTES_A_SESSION = 1_024;
const DATABASE_BYTES_A_SESSION = 8 * 1_024;

/** The bars that a run does not hold. */
export function brokenBars(costs: Costs): string[] {
  const { sessions, rssBytesASession: rss, databaseBytesASession: database } = costs;
  const [before, after] = costs.descriptors;
  const over = (what: string, bytes: number, bar: number): string[] =>
    bytes <= bar ? [] : [`${what} grows by ${Math.round(bytes)} bytes a session, more than ${bar}`];
  return [
    ...(sessions < LONG_RUN ? [] : over('memory', rss, RSS_BYTES_A_SESSION)),
    ...over('the database', database, DATABASE_BYTES_A_SESSION),
    ...(after === before ? [] : [`${before} descriptors became ${after}`]),
  ];
}
