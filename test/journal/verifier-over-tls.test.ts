import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createPki, terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import type { JournalHead } from '../../src/registry/ports.ts';
import { discard, openFixture, started, temporaryFolder, TERMINAL, touched } from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const script = join(import.meta.dirname, '../../scripts/verify-journal.mjs');
const path = temporaryFolder();
const journalFile = join(path, 'data/journal.db');
const tlsFile = join(path, 'tls.pem');
const heads: JournalHead[] = [];
let server: Server;
let url: string;

/** A registry that keeps two heads and gives them out one a page, to holders of a certificate alone. */
beforeAll(async () => {
  const { journal, folder } = openFixture(join(path, 'data'));
  for (const event of [started, touched()]) {
    await journal.append({ events: [event] });
    const head = await journal.checkpoint();
    if (head !== null) heads.push(head);
  }
  folder.close();
  const pki = await createPki(join(path, 'pki'), [TERMINAL]);
  const certificates = [terminalCertPath, terminalKeyPath].map((pathOf) =>
    pathOf(join(path, 'pki'), TERMINAL),
  );
  writeFileSync(
    tlsFile,
    [...certificates, pki.rootCert].map((file) => readFileSync(file)).join('\n'),
  );
  server = createServer(
    {
      cert: readFileSync(pki.serverCert),
      key: readFileSync(pki.serverKey),
      ca: readFileSync(pki.rootCert),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      const after = Number(new URL(request.url ?? '', 'https://x').searchParams.get('afterSize'));
      const later = heads.filter(({ size }) => size > after);
      response.end(JSON.stringify({ heads: later.slice(0, 1), more: later.length > 1 }));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  discard(path);
});

async function run(...args: string[]): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, [script, journalFile, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said = await text(child.stdout);
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  return { status: child.exitCode, said: said.trim() };
}

describe('anchors at a registry that asks for a certificate', () => {
  it('are read page by page and held against the journal', async () => {
    expect(await run('--anchors', url, '--tls', tlsFile)).toEqual({
      status: 0,
      said: 'valid: 2 rows, signed to row 2, anchored to row 2',
    });
  });

  it('are not replaced by "unanchored" where the registry refuses', async () => {
    expect(await run('--anchors', url)).toEqual({ status: 2, said: '' });
  });
});
