import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { readJournal, settledIn } from '../../journey/support/journal-file.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { tend } from '../process/points.ts';
import { scriptNames, Visitor } from '../process/script.ts';
import { World } from '../process/world.ts';
import { slopeOf } from '../soak/slope.ts';
import { Heap } from './heap.ts';
import { holdersOf, hostsOf } from './mid-session.ts';
import { familyOf } from './places.ts';

/** What a real core holds between two citizens, its garbage collected. */
export interface Growth {
  readonly session: number;
  readonly rssBytes: number;
  /** Of what JavaScript still reaches, behind buffers too. */
  readonly heapBytes: number;
  readonly descriptors: number;
  /** Core and its children. */
  readonly processes: number;
  readonly databaseBytes: number;
}

export interface GrowthRun {
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
}

/** Sessions between two looks, and those of the warm-up, in which everything is loaded and compiled. */
const LOOK_EVERY = 5;
/** So few sessions are the warm-up: nothing is said of their slope. */
const LONG_RUN = 100;
/** What is reached grows by code that is still being compiled; for what is not V8 takes and gives back megabytes. */
const HEAP_BYTES_A_SESSION = 16 * 1_024;
const RSS_BYTES_A_SESSION = 64 * 1_024;
const QUIET_MS = 30_000;
const LOOK_AGAIN_MS = 100;

/** The most at any look of the first fifth: connections that are kept for the next request come and go. */
const mostAtFirst = (samples: readonly Growth[]): Pick<Growth, 'descriptors' | 'processes'> => {
  const last = samples.at(-1)?.session ?? 0;
  const early = samples.filter(({ session }) => session <= Math.max(LOOK_EVERY, last / 5));
  const most = (of: (one: Growth) => number): number => Math.max(0, ...early.map(of));
  return { descriptors: most((one) => one.descriptors), processes: most((one) => one.processes) };
};

/** The bars that a core does not hold: memory after the warm-up, descriptors and processes at every look. */
export function brokenBars(samples: readonly Growth[]): string[] {
  const last = samples.at(-1);
  if (last === undefined) return ['nobody looked at core'];
  const grows = (what: string, of: (one: Growth) => number, bar: number): string[] => {
    const bytes = Math.round(slopeOf(samples, of));
    if (last.session < LONG_RUN || bytes <= bar) return [];
    return [`${what} of core grows by ${bytes} bytes a session, more than ${bar}`];
  };
  const most = mostAtFirst(samples);
  const above = (what: 'descriptors' | 'processes'): string[] =>
    samples
      .filter((one) => one[what] > most[what])
      .slice(0, 1)
      .map((one) => `${most[what]} ${what} became ${one[what]} by session ${one.session}`);
  return [
    ...grows('the heap', ({ heapBytes }) => heapBytes, HEAP_BYTES_A_SESSION),
    ...grows('the memory', ({ rssBytes }) => rssBytes, RSS_BYTES_A_SESSION),
    ...above('descriptors'),
    ...above('processes'),
  ];
}

/** Plays the sessions of all scripts, one after another, on one core, and looks at it between them. */
export async function watchGrowth(
  sessions: number,
  say: (line: string) => void = () => undefined,
): Promise<GrowthRun> {
  const world = await World.start({ coreEnv: { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' } });
  try {
    await world.startCore();
    const { pid } = world.core.process;
    const heap = await Heap.open(pid, world.coreLogFile);
    const visitors = scriptNames.map((name) => new Visitor(world, name));
    const samples: Growth[] = [];
    for (let session = 1; session <= sessions; session += 1) {
      const visitor = visitors[session % visitors.length];
      if (visitor === undefined) throw new Error('nobody comes');
      const end = await visitor.untilPrinted();
      if (end !== 'delivered') {
        const { faultCode } = settledIn(readJournal(world.dataDir)).at(-1) ?? {};
        throw new Error(`session ${session} ended ${end}: ${faultCode ?? 'without a fault'}`);
      }
      if (session % LOOK_EVERY !== 0) continue;
      await tend(world);
      const most = session <= Math.max(LOOK_EVERY, sessions / 5) ? null : mostAtFirst(samples);
      samples.push(await lookAt(world, heap, session, most));
      say(JSON.stringify(samples.at(-1)));
    }
    heap.close();
    const slope = (of: (one: Growth) => number): number => Math.round(slopeOf(samples, of));
    const notes = [
      `core grows by ${slope(({ rssBytes }) => rssBytes)} bytes a session, its heap by ` +
        `${slope(({ heapBytes }) => heapBytes)}, its database by ` +
        `${slope(({ databaseBytes }) => databaseBytes)} with a heartbeat each five seconds`,
    ];
    return { points: sessions, violations: brokenBars(samples), notes };
  } finally {
    await world.stop();
  }
}

/** Once nothing is owed, nobody holds a document, and there is no more than at first, if that comes. */
async function lookAt(
  world: World,
  heap: Heap,
  session: number,
  most: Pick<Growth, 'descriptors' | 'processes'> | null,
): Promise<Growth> {
  const { pid } = world.core.process;
  await untilOutboxEmpty(world.dataDir);
  const count = () => ({
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    processes: familyOf(pid).length,
    isQuiet: holdersOf(pid).length === 0 && hostsOf(pid).length > 0,
  });
  const endsAt = performance.now() + QUIET_MS;
  let { isQuiet, ...counted } = count();
  const isMore = (): boolean =>
    most !== null && (counted.descriptors > most.descriptors || counted.processes > most.processes);
  while ((!isQuiet || isMore()) && performance.now() < endsAt) {
    await delay(LOOK_AGAIN_MS);
    ({ isQuiet, ...counted } = count());
  }
  const heapBytes = await heap.collect();
  const rssBytes = residentBytes(pid);
  return { session, rssBytes, heapBytes, ...counted, databaseBytes: databaseBytes(world.dataDir) };
}

export function residentBytes(pid: number): number {
  const [, kib = '0'] =
    /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}

const size = z.object({ bytes: z.number() });

/** Of both databases, as SQLite counts their pages, what lies in the write-ahead log among them. */
function databaseBytes(dataDir: string): number {
  return ['journal.db', 'keys.db'].reduce((sum, name) => {
    const database = new DatabaseSync(path.join(dataDir, name), { readOnly: true });
    const found = database
      .prepare(
        'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
      )
      .get();
    database.close();
    return sum + size.parse(found).bytes;
  }, 0);
}
