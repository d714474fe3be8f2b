import { describe, expect, it, jest } from '@jest/globals';
import { belowFloor, kindsOf, uncounted } from './process/floor.ts';
import { runLane, takeCensus, titleOf } from './process/lane.ts';
import { shortPlan, tasksOf, type Task } from './process/plan.ts';
import type { PointRun } from './process/points.ts';
import { runDiskFaults } from './process/run-disk-faults.ts';
import { uncertainCeiling, type Tally } from './process/uncertain.ts';

jest.setTimeout(1_200_000);

describe('a real core', () => {
  it('killed or failed at any call, restarted, issues once and accounts for every blank', async () => {
    const { census, stage } = await takeCensus();
    // A disk that stays full closes the card path, and its world with it: those come last.
    const tasks = tasksOf(census, shortPlan).sort(
      (one, other) => endsWorld(one) - endsWorld(other),
    );
    const broken: string[] = [];
    const kinds = new Set<string>();
    const unstruck: string[] = [];
    const tally: Tally = { struck: 0, uncertain: 0 };
    let taken = 0;
    const ran = (task: Task, run: PointRun): void => {
      broken.push(...run.violations.map((text) => `${titleOf(task)}: ${text}`));
      tally.uncertain += run.uncertain;
      if (!run.struck) return void unstruck.push(titleOf(task));
      tally.struck += 1;
      for (const kind of kindsOf(task)) kinds.add(kind);
    };
    const next = (): Task | undefined => tasks[taken++];
    await Promise.all([runLane(next, ran, stage), runLane(next, ran)]);
    expect(broken).toEqual([]);
    expect(unstruck).toEqual([]);
    expect(uncertainCeiling(tally)).toEqual([]);
    expect(uncounted(census)).toEqual([]);
    expect(belowFloor({ struck: tally.struck, unreached: 0, kinds }, tasks.length)).toEqual([]);
  });
});

const endsWorld = ({ point }: Task): number => (point.blow.kind === 'failOn' ? 1 : 0);

describe('core on a disk that fails', () => {
  it('refuses or ends, keeps every acknowledged row, and goes on after a restart', async () => {
    const lines = await runDiskFaults({ sync: 6, write: 24 });
    expect(lines.flatMap(({ violations }) => violations)).toEqual([]);
    expect(lines.filter(({ points }) => points === 0)).toEqual([]);
    const all = lines.reduce((sum, { points }) => sum + points, 0);
    const refused = lines.reduce((sum, one) => sum + one.refused, 0);
    // The rest struck where nothing waited for the disk, and the session was unharmed.
    expect(refused).toBeGreaterThan(all / 2);
  });
});
