import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const VERSIONS = '/usr/lib/postgresql';
const NOBODY = 65_534;

export interface PostgresServer {
  readonly socketFolder: string;
  readonly stop: () => Promise<void>;
}

/** A server of its own on a Unix socket, with its data in `folder`; null, and says so, where none is installed. */
export async function startPostgres(folder: string): Promise<PostgresServer | null> {
  const bin = existsSync(VERSIONS)
    ? readdirSync(VERSIONS)
        .map((version) => path.join(VERSIONS, version, 'bin'))
        .find((candidate) => existsSync(path.join(candidate, 'initdb')))
    : undefined;
  if (bin === undefined) {
    process.stdout.write('no PostgreSQL here: that peer is left out (Debian package postgresql)\n');
    return null;
  }
  // The path of a Unix socket has to be short.
  const socketFolder = mkdtempSync(path.join(os.tmpdir(), 'anjungan-pg-'));
  mkdirSync(folder);
  if (isRoot) {
    for (const place of [folder, socketFolder]) chownSync(place, NOBODY, NOBODY);
    // Whoever runs the server has to come by; it lies on the same disk as the others.
    chmodSync(path.dirname(folder), 0o711);
  }
  const made = run(path.join(bin, 'initdb'), ['-D', folder, '-U', 'bench', '-A', 'trust']);
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const [program, args] = asNobody(path.join(bin, 'postgres'), [
    ...['-D', folder, '-k', socketFolder, '-h', ''],
    ...['-c', 'fsync=on', '-c', 'synchronous_commit=on'],
  ]);
  const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: server.stderr })) {
    if (line.includes('ready to accept connections')) break;
  }
  if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
  server.stderr.resume();
  return {
    socketFolder,
    stop: async () => {
      const ended = once(server, 'exit');
      // Fast shutdown.
      server.kill('SIGINT');
      await ended;
      rmSync(socketFolder, { recursive: true });
    },
  };
}

const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to be run by root. */
const asNobody = (program: string, args: readonly string[]): [string, string[]] =>
  isRoot
    ? [
        'setpriv',
        [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--', program, ...args],
      ]
    : [program, [...args]];

function run(program: string, args: readonly string[]): SpawnSyncReturns<string> {
  const [command, all] = asNobody(program, args);
  return spawnSync(command, all, { encoding: 'utf8' });
}
