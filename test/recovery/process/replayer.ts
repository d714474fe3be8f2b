import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { openRecord } from '../../../src/core/foundation.ts';
import { TERMINAL_ID } from '../../../scripts/stack/stack.ts';
import type { SqlReader } from '../../../src/store/sql.ts';
import { Disk, writeImage, type Image } from './disk.ts';
import { powerCutsOf } from './power-cuts.ts';
import type { Traced } from './trace.ts';
import { ACKNOWLEDGED, DATA_FOLDER } from './world.ts';

/** Memory where there is any: thousands of folders are made and opened. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

export interface Replayed {
  /** Images of a disk after a power cut that were built, opened as core opens them, and checked. */
  readonly images: number;
  readonly violations: readonly string[];
}

const row = z.object({ hash: z.instanceof(Uint8Array) });

/**
 * Cuts the power at each flush and, every few writes, between them; leaves of the unflushed writes what
 * `powerCutsOf` lists; opens each result as core does at start and holds it against what core had been
 * told is on the disk. `stride` takes every n-th image.
 */
export function replay(base: Image, trace: readonly Traced[], stride = 1): Replayed {
  const disk = new Disk(base);
  const violations: string[] = [];
  const seen = new Set<string>();
  let acknowledged = 0;
  let at = 0;
  let images = 0;
  const final = new Disk(base);
  for (const traced of trace) final.apply(traced);
  const truth = hashesIn(final.image(final.pending));
  const cutHere = (moment: number): void => {
    for (const { name, survived } of powerCutsOf(disk.pending)) {
      at += 1;
      if (at % stride !== 0) continue;
      const image = disk.image(survived);
      const digest = digestOf(image, acknowledged);
      if (seen.has(digest)) continue;
      seen.add(digest);
      images += 1;
      const broken = judge(image, acknowledged, truth);
      violations.push(...broken.map((text) => `at ${moment}, ${name}: ${text}`));
    }
  };
  for (const [moment, traced] of trace.entries()) {
    if (traced.path === ACKNOWLEDGED) {
      acknowledged = Number(traced.data.toString('latin1').trim());
      continue;
    }
    if (traced.op === 'sync') cutHere(moment);
    disk.apply(traced);
    if (traced.op === 'sync') cutHere(moment);
  }
  cutHere(trace.length);
  return { images, violations };
}

/** What is wrong with a data folder after a power cut; `acknowledged` is the newest row core was told of. */
function judge(image: Image, acknowledged: number, truth: readonly string[]): string[] {
  return withFolder(image, (folder) => {
    const opened = open(folder);
    if (!opened.ok) return [`core does not start: ${JSON.stringify(opened.error)}`];
    const { folder: data, journal } = opened.value;
    try {
      const size = journal.size();
      const { firstBreak } = journal.verify();
      const hashes = hashesOf(data.journal);
      return [
        ...(size < acknowledged ? [`${acknowledged} rows acknowledged, ${size} left`] : []),
        ...(firstBreak === null ? [] : [`the record breaks at ${firstBreak.seq}`]),
        ...(hashes.every((hash, index) => hash === truth[index])
          ? []
          : ['a row is not the one written']),
      ];
    } finally {
      data.close();
    }
  });
}

const open = (folder: string) =>
  openRecord(folder, { reserveBytes: 1, terminalId: TERMINAL_ID, clock: new FakeClock() });

const hashesOf = (database: SqlReader): string[] =>
  database
    .all(row, 'SELECT hash FROM rows ORDER BY seq')
    .map(({ hash }) => Buffer.from(hash).toString('hex'));

function hashesIn(image: Image): string[] {
  return withFolder(image, (folder) => {
    const opened = open(folder);
    if (!opened.ok)
      throw new Error(`the whole trace does not open: ${JSON.stringify(opened.error)}`);
    const hashes = hashesOf(opened.value.folder.journal);
    opened.value.folder.close();
    return hashes;
  });
}

function withFolder<T>(image: Image, work: (folder: string) => T): T {
  const root = mkdtempSync(path.join(scratch, 'anj-cut-'));
  try {
    writeImage(root, '.', image);
    return work(path.join(root, DATA_FOLDER));
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The same disk with the same promises given is one image, however it came about. */
function digestOf(image: Image, acknowledged: number): string {
  const hash = createHash('sha256').update(String(acknowledged));
  for (const [file, bytes] of image) {
    if (!file.includes('.db')) continue;
    hash.update(file).update(bytes);
  }
  return hash.digest('hex');
}
