import { open } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import * as z from 'zod';
import { openDatabase, migrationsOf } from '../../../src/store/open-database.ts';

// A small program that writes in each way core does: SQLite on its own thread, files by the pool of
// threads, sockets. It is counted by the shim and by strace.
const folder = z.string().parse(process.argv[2]);
const database = openDatabase(path.join(folder, 'keys.db'), migrationsOf('keys'));
if (!database.ok) throw new Error(database.error.kind);
for (let n = 0; n < 20; n += 1) {
  database.value.transaction(() => database.value.exec(`PRAGMA user_version = ${100 + n}`));
}
database.value.close();

await Promise.all(
  Array.from({ length: 8 }, async (_, n) => {
    const file = await open(path.join(folder, `file-${n}`), 'w');
    await file.write('one');
    await file.write('two', 3);
    await file.sync();
    await file.datasync();
    await file.close();
  }),
);

const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const socket = connect(port, '127.0.0.1');
for (let n = 0; n < 20; n += 1) {
  const echoed = new Promise((resolve) => socket.once('data', resolve));
  socket.write(`line ${n}\n`);
  await echoed;
}
socket.end();
server.close();
