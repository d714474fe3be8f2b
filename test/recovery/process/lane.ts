import { movingCommands } from './order.ts';
import type { Census, Task } from './plan.ts';
import { nameOf, runPoint, tend, type PointRun } from './points.ts';
import { deviceCommands, withItsEnd } from './renewal.ts';
import { scriptNames, Visitor, type ScriptName } from './script.ts';
import { World } from './world.ts';

/** A journal of so many sessions is still verified in no time, and the feeders still hold blanks. */
const POINTS_A_WORLD = 60;

export interface Stage {
  readonly world: World;
  readonly visitors: ReadonlyMap<ScriptName, Visitor>;
  points: number;
}

async function openStage(stepMs: number): Promise<Stage> {
  const world = await World.start({ traced: true, preloads: ['count-chip'], stepMs });
  try {
    await world.startCore();
    const visitors = new Map(scriptNames.map((name) => [name, new Visitor(world, name)]));
    return { world, visitors, points: 0 };
  } catch (cause) {
    await world.stop();
    throw cause;
  }
}

const visitorOf = (stage: Stage, name: ScriptName): Visitor => {
  const visitor = stage.visitors.get(name);
  if (visitor === undefined) throw new Error(`nobody plays ${name}`);
  return visitor;
};

/**
 * Counts the calls of one undisturbed session of each script, and leaves the world in which it did; there a
 * movement takes `stepMs`.
 */
export async function takeCensus(
  stepMs = 0,
): Promise<{ readonly census: Census; readonly stage: Stage }> {
  const stage = await openStage(stepMs);
  const { world } = stage;
  try {
    const counted: [ScriptName, Census[ScriptName]][] = [];
    for (const name of scriptNames) {
      const visitor = visitorOf(stage, name);
      let before = 0;
      let after = { counts: world.shim.counts, commands: deviceCommands(world) };
      const end = await withItsEnd(world, async () => {
        const ended = await visitor.untilPrinted(() => {
          before = deviceCommands(world).length;
          world.shim.arm();
        });
        after = { counts: world.shim.counts, commands: deviceCommands(world) };
        return ended;
      });
      if (end !== 'delivered') throw new Error(`an undisturbed ${name} ended as ${end}`);
      const { counts } = after;
      const moving = after.commands
        .slice(before)
        .flatMap(({ command }, index) => (movingCommands.has(command) ? [index + 1] : []));
      counted.push([name, { ...counts, moving }]);
    }
    return { census: Object.fromEntries(counted) as unknown as Census, stage };
  } catch (cause) {
    await world.stop();
    throw cause;
  }
}

/**
 * Takes one task after another until none is left, in one world after another, the first of which may be
 * there already. A world in which a promise was broken, or whose card path is closed by an uncertain card,
 * is left; so is one that is old.
 */
export async function runLane(
  next: () => Task | undefined,
  ran: (task: Task, run: PointRun) => void,
  first: Stage | null = null,
  stepMs = 0,
): Promise<void> {
  let stage = first;
  try {
    for (let task = next(); task !== undefined; task = next()) {
      stage ??= await openStage(stepMs);
      const { world } = stage;
      let run: PointRun;
      try {
        run = await runPoint(world, visitorOf(stage, task.script), task.point);
      } catch (cause) {
        const said = cause instanceof Error ? cause.message : 'not an error';
        const violations = [`the harness came to no end: ${said.slice(0, 600)}`];
        run = { ...noRun, point: task.point, violations };
      }
      stage.points += 1;
      ran(task, run);
      const ends = [run.first, run.retry];
      const closed = ends.includes('outOfService') || run.uncertain > 0;
      if (run.violations.length > 0 || closed || stage.points >= POINTS_A_WORLD) {
        await world.stop();
        stage = null;
      } else if (stage.points % 20 === 0) await tend(world);
    }
  } finally {
    await stage?.world.stop();
  }
}

const noRun = { struck: true, first: null, retry: null, uncertain: 0 } as const;

export const titleOf = ({ script, point }: Task): string => `${script}: ${nameOf(point)}`;
