import path from 'node:path';
import { GENESIS_HASH, hashOfRow } from '../../../src/journal/chain/hash.ts';
import { rawRows } from '../../../src/journal/verify/raw-rows.ts';
import { storedCheckpoints } from '../../../src/journal/chain/checkpoint-table.ts';
import { verifyJournal } from '../../../src/journal/verify/verify.ts';
import { walkChain } from '../../../src/journal/verify/chain.ts';
import { openDatabase, migrationsOf } from '../../../src/store/open-database.ts';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { median, type Measure } from '../table.ts';
import { openAt, touched } from './record.ts';

const ROWS = 100_000;
const ROWS_A_COMMIT = 100;
const ROUNDS = 8;

/** Rows a second of the walk over the chain, signatures included, and of hashing the same bodies alone. */
export async function measureVerifying(folder: string): Promise<readonly Measure[]> {
  const dataFolder = path.join(folder, 'verify');
  const record = openAt(dataFolder);
  for (let rows = 0; rows < ROWS; rows += ROWS_A_COMMIT) {
    await record.journal.append({ events: Array.from({ length: ROWS_A_COMMIT }, touched) });
  }
  record.folder.close();
  const opened = openDatabase(path.join(dataFolder, 'journal.db'), migrationsOf('journal'));
  if (!opened.ok) throw new Error(opened.error.kind);
  const database = opened.value;
  const publicKey = createPublicKey(readFileSync(path.join(dataFolder, 'keys/journal.pub.pem')));
  const bodies = [...rawRows(database, 0)].map(([, body]) => Buffer.from(body ?? []));

  const hashOnly = (): void => {
    let previous = GENESIS_HASH;
    for (const [index, body] of bodies.entries()) previous = hashOfRow(previous, index + 1, body);
  };
  const walk = (withSignatures: boolean): void => {
    const { firstBreak, lastSeq } = walkChain({
      rows: rawRows(database, 0),
      checkpoints: withSignatures ? storedCheckpoints(database) : [],
      anchors: [],
      publicKey,
      terminalId: 'ADM-SPESIMEN-01',
    });
    if (firstBreak !== null || lastSeq !== ROWS) throw new Error('the bench made a bad journal');
  };
  const whole = (): void => {
    const { firstBreak } = verifyJournal(database, { publicKey, anchors: [] });
    if (firstBreak !== null) throw new Error('the bench made a bad journal');
  };
  const oneByOne = (): void => {
    let previous: Uint8Array = GENESIS_HASH;
    const query = 'SELECT seq, CAST(body AS BLOB), hash FROM rows ORDER BY seq';
    for (const row of database.iterateRaw(query)) {
      const [seq, body, hash] = row as [number, Uint8Array, Uint8Array];
      previous = hashOfRow(previous, seq, body);
      if (!Buffer.from(previous).equals(hash)) throw new Error('the bench made a bad journal');
    }
  };
  const steps = {
    floor: hashOnly,
    chain: () => walk(false),
    signed: () => walk(true),
    whole,
    peer: oneByOne,
  };
  const rates: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, step] of Object.entries(steps)) {
      const began = performance.now();
      step();
      (rates[name] ??= []).push(ROWS / (performance.now() - began));
    }
  }
  database.close();
  const of = (name: string): number => median(rates[name] ?? []);
  const line = { peer: of('peer'), floor: of('floor'), digits: 0 };
  return [
    {
      name: 'verify the chain, rows/ms (peer: row by row)',
      ours: of('chain'),
      goal: { atLeast: 0.5 },
      ...line,
    },
    {
      name: 'the same with a signature each 100 rows, rows/ms',
      ours: of('signed'),
      goal: null,
      ...line,
    },
    {
      name: 'all that a verdict takes, tables and file included, rows/ms',
      ours: of('whole'),
      goal: null,
      ...line,
    },
  ];
}
