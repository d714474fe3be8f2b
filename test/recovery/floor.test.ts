import { describe, expect, it } from '@jest/globals';
import { belowFloor, kindsOf, LEAST_OF_A_REAL_CORE, uncounted } from './process/floor.ts';
import { tasksOf, wholePlan, type Census } from './process/plan.ts';

const adult = { sync: 26, write: 160, send: 55, device: 22, chip: 188, moving: [3, 9, 15] };
const child = { ...adult, chip: 0 };
const census: Census = { ktpEl: adult, replacement: adult, kia: child, kk: child };

describe('a run of the whole program', () => {
  it('is well above its floor where every call of a session was counted and struck', () => {
    expect(uncounted(census)).toEqual([]);
    const tasks = tasksOf(census, wholePlan);
    const kinds = new Set(tasks.flatMap(kindsOf));
    const all = { struck: tasks.length, unreached: 0, kinds };
    expect(belowFloor(all, LEAST_OF_A_REAL_CORE)).toEqual([]);
  });

  it('fails where the shim counted nothing, and where it counted nothing of one class', () => {
    const none = { sync: 0, write: 0, send: 0, device: 0, chip: 0, moving: [] };
    const blind: Census = { ktpEl: none, replacement: none, kia: none, kk: none };
    expect(tasksOf(blind, wholePlan).filter(({ point }) => point.again === undefined)).toEqual([]);
    expect(uncounted(blind)).toHaveLength(18);
    const deaf: Census = { ...census, kk: { ...child, device: 0 } };
    expect(uncounted(deaf)).toEqual(['not one device was counted in a session of kk']);
  });

  it('fails where a kind of blow never fell, where too few did, and where many found nobody', () => {
    const kinds = new Set(tasksOf(census, wholePlan).flatMap(kindsOf));
    kinds.delete('cut write');
    expect(belowFloor({ struck: 999, unreached: 53, kinds }, LEAST_OF_A_REAL_CORE)).toEqual([
      'cut write never struck',
      '999 points of a real core, fewer than 1000',
      '53 of 1052 sessions were over before their point',
    ]);
  });
});
