import { Conversation, type Call, type Plot } from './conversation.ts';
import { CutWorld } from './cut-world.ts';
import type { Cut, CutManner, Direction } from './cutting-proxy.ts';

export interface CutRun {
  /** Cuts that were made: a conversation may be shorter than the one that was measured. */
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
}

export interface CutPlan {
  /** Cuts by reset at every so many bytes of each call, each way. */
  readonly stride: number;
  /** Into how many parts a call is divided for each of the other manners; they strike in the middle of each. */
  readonly otherParts: number;
  /** Which way these strike: a reply that does not come follows a request that was carried out. */
  readonly otherWays: readonly Direction[];
  /**
   * How often each call is measured; the least of them counts. What else core sends meanwhile is measured
   * with it, and no call of another name is to be cut in its place.
   */
  readonly measurements: number;
}

const directions: readonly Direction[] = ['request', 'reply'];
export const fullPlan: CutPlan = {
  stride: 1,
  otherParts: 8,
  otherWays: directions,
  measurements: 5,
};
export const shortPlan: CutPlan = {
  stride: 1_201,
  otherParts: 1,
  otherWays: ['reply'],
  measurements: 2,
};

type Sizes = Record<Direction, number>;
const others: readonly CutManner[] = ['halfClose', 'stall', 'trickle'];

/** Cuts each of these calls where the plan says, one whole conversation each. */
export async function cutRegistry(
  plan: CutPlan,
  calls: readonly Call[],
  say: (line: string) => void = () => undefined,
): Promise<CutRun> {
  let aimedAt: { readonly call: string; readonly cut: Cut | null } | null = null;
  const measured = new Map<string, Sizes>();
  const world = await CutWorld.start(async (name, carryOut) => {
    if (aimedAt?.call !== name) return carryOut();
    const { cut } = aimedAt;
    aimedAt = null;
    // The first call of a start and of a session meets a fresh line, so that the handshake is among them.
    if (name === 'readHeads' || name === 'verify') await world.proxy.hangUp();
    world.proxy.aim(cut);
    const answer = await carryOut();
    if (cut === null) measured.set(name, least(measured.get(name), world.proxy.counted));
    world.proxy.aim(null);
    return answer;
  });
  const violations: string[] = [];
  const notes: string[] = [];
  let points = 0;
  let persons = 0;
  const run = async (call: string, plot: Plot, cut: Cut | null): Promise<boolean> => {
    const child = world.children[persons++ % world.children.length];
    if (child === undefined) throw new Error('the registry has no children');
    await world.tend();
    const conversation = await Conversation.begin(world, child);
    aimedAt = { call, cut };
    const broken = await conversation.run(plot);
    const struck = cut === null || world.proxy.strikes > 0;
    world.proxy.strikes = 0;
    const where = cut === null ? 'whole line' : `${cut.manner} at ${cut.direction} byte ${cut.at}`;
    for (const text of broken) {
      violations.push(`${call}, ${where}: ${text}`);
      say(violations.at(-1) ?? '');
    }
    return struck;
  };
  try {
    for (const [call, plot] of calls) {
      // The first handshake of all is whole; those that are cut resume it, and are shorter.
      for (let nth = 0; nth < plan.measurements; nth += 1) await run(call, plot, null);
      const sizes = measured.get(call);
      if (sizes === undefined) throw new Error(`no ${call} in a ${plot} conversation`);
      let missed = 0;
      const before = points;
      for (const direction of directions) {
        for (const [manner, at] of placesOf(sizes[direction], direction, plan)) {
          if (await run(call, plot, { direction, at, manner })) points += 1;
          else missed += 1;
        }
      }
      const made = points - before;
      if (made === 0) {
        violations.push(`${call} was never cut`);
        say(violations.at(-1) ?? '');
      }
      const line = `${call}: ${sizes.request} bytes out, ${sizes.reply} back, cut ${made} times; ${missed} more would have been past the end`;
      notes.push(line);
      say(line);
    }
    const { firstBreak } = world.core.journal.verify();
    if (firstBreak !== null) violations.push(`the record breaks at ${firstBreak.seq}`);
  } finally {
    await world.stop();
  }
  return { points, violations, notes };
}

const least = (before: Sizes | undefined, counted: Sizes): Sizes =>
  before === undefined
    ? { ...counted }
    : {
        request: Math.min(before.request, counted.request),
        reply: Math.min(before.reply, counted.reply),
      };

function placesOf(
  size: number,
  direction: Direction,
  plan: CutPlan,
): (readonly [CutManner, number])[] {
  const places: (readonly [CutManner, number])[] = [];
  const first = Math.floor(Math.min(plan.stride, size) / 2);
  for (let at = first; at < size; at += plan.stride) places.push(['reset', at]);
  if (!plan.otherWays.includes(direction)) return places;
  for (const manner of others) {
    for (let part = 0; part < plan.otherParts; part += 1) {
      places.push([manner, Math.floor((size * (part + 0.5)) / plan.otherParts)]);
    }
  }
  return places;
}
