import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunBook } from './process/run-book.ts';

const COMMIT = 'c0'.repeat(20);
const point = { of: 'point', key: '{}', struck: true, uncertain: 0, violations: 2 } as const;
const part = { of: 'part', key: 'the race', tried: 7, violations: 0 } as const;

let folder: string;
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'anj-book-')), 'run');
});
afterEach(() => rmSync(path.dirname(folder), { recursive: true }));

describe('the book of a whole run', () => {
  it('gives back on the same commit what was tried, violations too, and its seconds', () => {
    const begun = RunBook.begin(folder, COMMIT);
    begun.note(point);
    begun.note(part);
    const { done } = RunBook.goOn(folder, COMMIT);
    expect(done).toMatchObject([point, part]);
  });

  it('begins anew without what an earlier run tried', () => {
    RunBook.begin(folder, COMMIT).note(point);
    RunBook.begin(folder, COMMIT);
    expect(RunBook.goOn(folder, COMMIT).done).toEqual([]);
  });

  it.each([
    ['another commit', COMMIT, 'd0'.repeat(20)],
    ['files that were changed since', COMMIT, null],
    ['files that were changed before', null, COMMIT],
  ])('does not go on with %s', (_, before, now) => {
    RunBook.begin(folder, before).note(part);
    expect(() => RunBook.goOn(folder, now)).toThrow('only that commit goes on');
  });

  it('does not go on with what was never begun', () => {
    expect(() => RunBook.goOn(folder, COMMIT)).toThrow('no run was begun');
  });
});
