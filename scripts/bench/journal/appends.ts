import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hashOfRow, GENESIS_HASH } from '../../../src/journal/chain/hash.ts';
import { median, type Measure } from '../table.ts';
import { Attempt, openAt, touched } from './record.ts';

const ROUNDS = 1_500;
/** Until every write-ahead log has come round to its beginning: a file that still grows flushes its size too. */
const WARM_UP = 1_100;
const PAGE = 4_096;

type Timed = () => void | Promise<void>;

/** Milliseconds of each of ours, the peers and the floor, taken in turn in one loop; medians. */
export async function measureAppends(folder: string): Promise<readonly Measure[]> {
  const record = openAt(path.join(folder, 'data'));
  const { journal } = record;
  const attempt = new Attempt(journal);
  await attempt.begin();
  const floor = flushFloor(path.join(folder, 'floor'));
  const peer = nodeSqlite(path.join(folder, 'peer.db'));
  const steps: Readonly<Record<string, Timed>> = {
    floor: floor.write,
    append: async () => {
      await journal.append({ events: [touched()] });
    },
    peer: peer.append,
    intent: () => attempt.announce(),
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (const [name, step] of inTurn(Object.entries(steps), round)) {
      const began = performance.now();
      await step();
      const tookMs = performance.now() - began;
      if (round >= WARM_UP) (times[name] ??= []).push(tookMs);
    }
    await attempt.printed();
  }
  floor.close();
  peer.close();
  record.folder.close();
  const of = (name: string): number => median(times[name] ?? []);
  return [
    {
      name: 'hashed append, ms (peer: node:sqlite, hashed)',
      ours: of('append'),
      peer: of('peer'),
      floor: of('floor'),
      goal: { atMost: 1.6 },
    },
    {
      name: 'full intent with signature, ms',
      ours: of('intent'),
      peer: null,
      floor: of('floor'),
      goal: { atMost: 2.2 },
    },
  ];
}

/** Each round begins with another step: what goes before a flush changes what it costs. */
const inTurn = <T>(steps: readonly T[], round: number): readonly T[] => {
  const first = round % steps.length;
  return [...steps.slice(first), ...steps.slice(0, first)];
};

/** One page of a file that has its size, overwritten and flushed: less than this no durable write can cost. */
function flushFloor(file: string): { readonly write: () => void; readonly close: () => void } {
  const fd = openSync(file, 'w+');
  const pages = 256;
  ftruncateSync(fd, pages * PAGE);
  const page = Buffer.alloc(PAGE, 0xa5);
  for (let at = 0; at < pages; at += 1) writeSync(fd, page, 0, PAGE, at * PAGE);
  fdatasyncSync(fd);
  let turn = 0;
  return {
    write: () => {
      writeSync(fd, page, 0, PAGE, (turn++ % pages) * PAGE);
      fdatasyncSync(fd);
    },
    close: () => closeSync(fd),
  };
}

/** The same row and hash in Node's own SQLite, with nothing else around it. */
function nodeSqlite(file: string): { readonly append: () => void; readonly close: () => void } {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO rows (seq, body, hash) VALUES (?, ?, ?)');
  let seq = 0;
  let previous = GENESIS_HASH;
  return {
    append: () => {
      seq += 1;
      const body = JSON.stringify({
        at: Date.now(),
        event: touched(),
        terminal: 'ADM-SPESIMEN-01',
      });
      previous = hashOfRow(previous, seq, Buffer.from(body));
      insert.run(seq, body, previous);
    },
    close: () => db.close(),
  };
}
