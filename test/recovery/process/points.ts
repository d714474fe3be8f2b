import * as z from 'zod';
import { SPOILED_LIMIT } from '../../../src/issuance/time-limits.ts';
import { readJournal, settledIn } from '../../journey/support/journal-file.ts';
import { untilOutboxEmpty } from '../../journey/support/outbox-file.ts';
import { recordLength } from '../../journey/support/physical-record.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import { isStillOwed } from '../owed.ts';
import { Disk, writeImage } from './disk.ts';
import { brokenPromises, newlyUncertain, recoveriesOverstepped } from './invariants.ts';
import { onePowerCut } from './power-cuts.ts';
import { withItsEnd } from './renewal.ts';
import type { SessionEnd, Visitor } from './script.ts';
import type { Blow, CallClass } from './shim.ts';
import { DATA_FOLDER, type World } from './world.ts';

/** The k-th call of a class in one session, and what befalls core there. */
export interface Point {
  readonly callClass: CallClass;
  readonly k: number;
  readonly blow: Blow;
  /** Besides core the whole computer dies: of what was not flushed, the n-th of what a power cut may leave. */
  readonly powerCut?: number;
  /** The next core dies too, before its k-th call since it began, while it recovers. */
  readonly again?: { readonly callClass: CallClass; readonly k: number };
  /** The next core starts at once, over what still moves and beside the hosts of the dead one. */
  readonly startsAtOnce?: boolean;
  /**
   * How the same citizen tries again: at once and undisturbed, or in the session of the next point, unless
   * that try could be refused for the blanks already spoiled.
   */
  readonly nextTry?: 'atOnce' | 'nextPoint';
}

export interface PointRun {
  readonly point: Point;
  /** false: the session or the start that was to be struck was over before its k-th call. */
  readonly struck: boolean;
  /** How the session ended that was struck; null where core died in it. */
  readonly first: SessionEnd | null;
  /** How the same citizen's next try ended; null where that is the next point's session. */
  readonly retry: SessionEnd | null;
  /** Card attempts that came to `uncertain` in this point. */
  readonly uncertain: number;
  readonly violations: readonly string[];
}

export const nameOf = ({ callClass, k, blow, powerCut, again, startsAtOnce }: Point): string => {
  const what = powerCut === undefined ? blow.kind : `power cut ${powerCut}`;
  const twice = again === undefined ? '' : `, and again at ${again.callClass} ${again.k}`;
  const moving = startsAtOnce === true ? ', and started while it moved' : '';
  return `${what}${'error' in blow ? ` ${blow.error}` : ''} at ${callClass} ${k}${twice}${moving}`;
};

/** With one spoiled blank more this terminal would print the request no more, and the next point strike nothing. */
const SPOILED_AT_MOST = SPOILED_LIMIT - 1;

/** Longer than any session; core that neither ends nor comes to an end of it by then is ended. */
const REFUSING_MS = 90_000;

const connections = z.object({
  cardPrinter: z.object({ connected: z.boolean(), exit: z.unknown() }),
  motorReader: z.object({ connected: z.boolean() }),
});

/**
 * One point: a request, a session in which the blow falls, a restart, one more try by the same citizen, and
 * every promise over the whole life of the world. Core runs and is idle before and after.
 */
export async function runPoint(world: World, visitor: Visitor, point: Point): Promise<PointRun> {
  const { requestId } = await visitor.apply();
  const before = readJournal(world.dataDir);
  const since = { seq: before.rows.at(-1)?.seq ?? 0, moves: await recordLength(world) };
  world.shim.arm(point.callClass, point.k, point.blow);
  const first = await firstSession(world, visitor);
  const struck = world.shim.fired;
  world.shim.arm();
  if (!struck && world.coreRuns) {
    const uncertain = newlyUncertain(before, readJournal(world.dataDir));
    return { point, struck, first, retry: null, uncertain, violations: [] };
  }
  await world.killCore();
  if (point.startsAtOnce !== true) await leaveAlone(world, point);
  const again = point.again === undefined || (await dieInRecovery(world, point.again));
  await world.startCore();
  const recovered = readJournal(world.dataDir);
  const violations = recoveriesOverstepped(recovered, before);
  const spoiled = settledIn(recovered, requestId).filter(({ outcome }) => outcome === 'spoiled');
  const waits = point.nextTry === 'nextPoint' && spoiled.length < SPOILED_AT_MOST;
  await untilOutboxEmpty(world.dataDir);
  if (!waits) await visitor.askOfficer();
  const retry = waits ? null : await withItsEnd(world, () => comeAgain(visitor));
  await untilOutboxEmpty(world.dataDir);
  const owed = isStillOwed(settledIn(recovered, requestId).map(({ outcome }) => outcome));
  if (retry !== null && retry !== 'delivered' && owed) {
    violations.push(`the citizen's codes counted, and the next try ended ${retry}`);
  }
  violations.push(...(await brokenPromises(world, [requestId], since)));
  const uncertain = newlyUncertain(before, readJournal(world.dataDir));
  return { point, struck: struck && again, first, retry, uncertain, violations };
}

/** The same citizen, once more where a slow machine let a deadline pass before anything moved. */
async function comeAgain(visitor: Visitor): Promise<SessionEnd> {
  const end = await visitor.session();
  return end === 'notPrinted' ? visitor.session() : end;
}

/** Nothing is under way any more when the next core starts; and every second card at the exit is taken until then. */
async function leaveAlone(world: World, { k, powerCut }: Point): Promise<void> {
  await untilHostsAreGone(world);
  if (powerCut !== undefined) cutPower(world, powerCut);
  if (k % 2 === 0) await takeFromExit(world);
}

/** Lets core die in its start; false where it came to the end of that before its k-th call, and is killed then. */
async function dieInRecovery(
  world: World,
  { callClass, k }: NonNullable<Point['again']>,
): Promise<boolean> {
  world.shim.arm(callClass, k, { kind: 'killBefore' });
  try {
    await world.startCore();
  } catch (cause) {
    if (!world.shim.fired) throw cause;
  }
  const { fired } = world.shim;
  world.shim.arm();
  await world.killCore();
  await untilHostsAreGone(world);
  return fired;
}

/** Puts the data folder back to what a disk could hold that was not asked to flush more than it was. */
function cutPower(world: World, number: number): void {
  const { base, trace } = world.traced;
  const disk = new Disk(base);
  for (const traced of trace) disk.apply(traced);
  writeImage(world.dir, DATA_FOLDER, disk.image(onePowerCut(disk.pending, number).survived));
}

/** The session that is struck: over, or cut off by core's death, or given up because core refuses to go on. */
async function firstSession(world: World, visitor: Visitor): Promise<SessionEnd | null> {
  const { process: core } = world.core;
  const timer = Promise.withResolvers<null>();
  const patience = setTimeout(() => timer.resolve(null), REFUSING_MS);
  const session = visitor.session().catch((cause: unknown) => {
    if (world.shim.fired) return null;
    throw cause;
  });
  try {
    return await Promise.race([session, core.gone.then(() => null), timer.promise]);
  } finally {
    clearTimeout(patience);
  }
}

/** The hosts of a dead core end by themselves; the cables are free then, and nothing is under way. */
export const untilHostsAreGone = ({ panel }: World): Promise<unknown> =>
  untilHolds(
    () => panel.get('/api/state', connections),
    ({ cardPrinter, motorReader }) => !cardPrinter.connected && !motorReader.connected,
    30_000,
  );

async function takeFromExit({ panel }: World): Promise<void> {
  const { cardPrinter } = await panel.get('/api/state', connections);
  if (cardPrinter.exit !== null) await panel.post('/api/exit/take', {});
}

/** What a technician does between points: empty bins and a new ribbon, so that no point meets a full bin. */
export async function tend({ panel }: World): Promise<void> {
  for (const bin of ['reject', 'retract', 'capture']) await panel.post('/api/bin/empty', { bin });
  await panel.post('/api/card-printer/replace-ribbon', {});
}
