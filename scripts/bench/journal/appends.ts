import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { median, type Measure } from '../table.ts';
import { lmdb, nodeSqlite, postgres, type Peer } from './peers.ts';
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
  const peers = [nodeSqlite(folder), lmdb(folder), await postgres(folder)].filter(
    (peer): peer is Peer => peer !== null,
  );
  const steps: Readonly<Record<string, Timed>> = {
    floor: floor.write,
    append: async () => {
      await journal.append({ events: [touched()] });
    },
    intent: () => attempt.announce(),
    ...Object.fromEntries(peers.map(({ name, append }) => [name, append])),
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
  for (const peer of peers) await peer.close();
  record.folder.close();
  const of = (name: string): number => median(times[name] ?? []);
  return [
    ...peers.map((peer) => ({
      name: `hashed append, ms (peer: ${peer.name}, hashed)`,
      ours: of('append'),
      peer: of(peer.name),
      floor: of('floor'),
      goal: { atMost: 1.6 },
    })),
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
