import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { assert } from '../../base/assert.ts';
import { verifyJournal } from '../../journal/verify/verify.ts';
import type { Verdict } from '../../rpc/console.ts';
import { openReadOnly } from '../../store/open-database.ts';

const dataFolder = z.string().parse(workerData);
assert(parentPort !== null, 'the check runs as a worker thread');
const database = openReadOnly(path.join(dataFolder, 'journal.db'));
assert(database.ok, 'core has this journal open, so it can be read');
const publicKey = createPublicKey(readFileSync(path.join(dataFolder, 'keys/journal.pub.pem')));
// One view of a record that goes on growing: a row read here whose signature came later is no break.
database.value.exec('BEGIN');
const report = verifyJournal(database.value, { publicKey, anchors: [] });
database.value.close();
const { firstBreak, rows, checkpoints, signedThrough, anchoredThrough } = report;
const verdict: Verdict = {
  verdict: firstBreak !== null ? 'broken' : anchoredThrough === null ? 'unanchored' : 'valid',
  rows,
  checkpoints,
  signedThrough,
  anchoredThrough,
  brokenAt: firstBreak?.seq ?? null,
  reason: firstBreak?.reason ?? null,
};
parentPort.postMessage(verdict);
