import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { open } from 'lmdb';
import pg from 'pg';
import { GENESIS_HASH, hashOfRow } from '../../../src/journal/chain/hash.ts';
import { startPostgres } from './postgres.ts';
import { touched } from './record.ts';

/** A store that keeps the same rows under the same hashes, with nothing else around them, and flushes each. */
export interface Peer {
  readonly name: string;
  readonly append: () => void | Promise<void>;
  readonly close: () => void | Promise<void>;
}

interface Row {
  readonly seq: number;
  readonly body: string;
  readonly hash: Uint8Array;
}

/** Row after row of one chain. */
function chain(): () => Row {
  let seq = 0;
  let previous = GENESIS_HASH;
  return () => {
    seq += 1;
    const body = JSON.stringify({ at: Date.now(), event: touched(), terminal: 'ADM-SPESIMEN-01' });
    previous = hashOfRow(previous, seq, Buffer.from(body));
    return { seq, body, hash: previous };
  };
}

export function nodeSqlite(folder: string): Peer {
  const db = new DatabaseSync(path.join(folder, 'peer.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL)');
  const insert = db.prepare('INSERT INTO rows (seq, body, hash) VALUES (?, ?, ?)');
  const next = chain();
  return {
    name: 'node:sqlite',
    append: () => {
      const { seq, body, hash } = next();
      insert.run(seq, body, hash);
    },
    close: () => db.close(),
  };
}

export function lmdb(folder: string): Peer {
  // Without overlapping, a transaction is on the disk when it returns.
  const db = open({ path: path.join(folder, 'peer.lmdb'), overlappingSync: false });
  const next = chain();
  return {
    name: 'LMDB',
    append: () => {
      const { seq, body, hash } = next();
      db.transactionSync(() => {
        db.putSync(seq, { body, hash });
      });
    },
    close: () => db.close(),
  };
}

/** Null, with a word why on the screen, where no server is installed. */
export async function postgres(folder: string): Promise<Peer | null> {
  const server = await startPostgres(path.join(folder, 'postgres'));
  if (server === null) return null;
  const client = new pg.Client({ host: server.socketFolder, user: 'bench', database: 'postgres' });
  await client.connect();
  await client.query('CREATE TABLE rows (seq INTEGER PRIMARY KEY, body TEXT, hash BYTEA)');
  const next = chain();
  const text = 'INSERT INTO rows (seq, body, hash) VALUES ($1, $2, $3)';
  return {
    name: 'PostgreSQL over a Unix socket',
    append: async () => {
      const { seq, body, hash } = next();
      await client.query({ name: 'append', text, values: [seq, body, hash] });
    },
    close: async () => {
      await client.end();
      await server.stop();
    },
  };
}
