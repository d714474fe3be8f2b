import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'undici';
import { createHttpRegistry } from '../../../src/registry/http/http-registry.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
} from '../../../src/registry/reference/pki.ts';
import { RegistryBench } from '../support/registry-bench.ts';

let bench: RegistryBench;
const otherDir = mkdtempSync(join(tmpdir(), 'anjungan-other-pki-'));
beforeAll(async () => {
  bench = await RegistryBench.start();
});
afterAll(async () => {
  await bench.stop();
  rmSync(otherDir, { recursive: true });
});

const soon = { deadlineMs: 5000 };
const unreachable = { ok: false, error: { kind: 'unreachable' } };

describe('mutual TLS', () => {
  it('refuses to talk to a registry of another CA', async () => {
    const other = await createPki(otherDir, ['T-1']);
    const registry = createHttpRegistry({
      baseUrl: bench.running.terminalApiUrl,
      terminalId: 'T-1',
      ...(await bench.credentials('T-1')),
      caPem: readFileSync(other.rootCert, 'utf8'),
    });
    expect(await registry.requests.readReservation('att_1', soon)).toEqual(unreachable);
    await registry.close();
  });

  it('is refused by the registry with a certificate of another CA', async () => {
    await createPki(otherDir, ['T-1']);
    const registry = createHttpRegistry({
      baseUrl: bench.running.terminalApiUrl,
      terminalId: 'T-1',
      caPem: readFileSync(bench.pki.rootCert, 'utf8'),
      clientCertPem: readFileSync(terminalCertPath(otherDir, 'T-1'), 'utf8'),
      clientKeyPem: readFileSync(terminalKeyPath(otherDir, 'T-1'), 'utf8'),
    });
    const result = await registry.requests.readReservation('att_1', soon);
    expect(result).toMatchObject({ ok: false });
    // A refused handshake shows as an alert or, when the reset overtakes it, as a cut connection.
    expect(['unreachable', 'noAnswer']).toContain(result.ok ? '' : result.error.kind);
    await registry.close();
  });

  it('reads no byte of HTTP from a peer without a certificate', async () => {
    const socket = connect({
      port: Number(new URL(bench.running.terminalApiUrl).port),
      host: 'localhost',
      ca: readFileSync(bench.pki.rootCert),
    });
    socket.write('GET /v1/requests HTTP/1.1\r\nhost: localhost\r\n\r\n');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.on('close', resolve));
    expect(received).toBe('');
  });

  it('refuses TLS 1.2', async () => {
    const { clientCertPem, clientKeyPem } = await bench.credentials('T-1');
    const socket = connect({
      port: Number(new URL(bench.running.terminalApiUrl).port),
      host: 'localhost',
      ca: readFileSync(bench.pki.rootCert),
      cert: clientCertPem,
      key: clientKeyPem,
      maxVersion: 'TLSv1.2',
    });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  it('says unreachable when nobody listens, and when the deadline passes in the handshake', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const registry = await bench.terminal('T-1', `https://localhost:${port}`);
    expect(await registry.requests.readReservation('att_1', { deadlineMs: 200 })).toEqual(
      unreachable,
    );
    await registry.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, 'close');
    const nobody = await bench.terminal('T-1', `https://localhost:${port}`);
    expect(await nobody.requests.readReservation('att_1', soon)).toEqual(unreachable);
  });

  it('never starts with a certificate of another name or a base URL that is no origin', async () => {
    const credentials = await bench.credentials('T-1');
    const baseUrl = bench.running.terminalApiUrl;
    const start = (change: object) => () =>
      createHttpRegistry({ baseUrl, terminalId: 'T-1', ...credentials, ...change });
    expect(start({ terminalId: 'T-2' })).toThrow('names another terminal');
    expect(start({ baseUrl: baseUrl.replace('https', 'http') })).toThrow('https://host:port');
    expect(start({ baseUrl: `${baseUrl}/v1` })).toThrow('https://host:port');
  });
});

describe('a call that names another terminal', () => {
  const head = {
    size: 1,
    head: 'a'.repeat(64),
    at: 1,
    algorithm: 'ed25519',
    signature: 'AA==',
  };
  const report = {
    attemptId: 'att_1',
    requestId: 'req_1',
    outcome: 'delivered',
    evidence: 'sensorSaw',
    faultCode: null,
    blankSerial: null,
    blankBatch: null,
    capturedOldCard: false,
    settledAt: 1,
  };

  it.each<[string, string, unknown]>([
    ['POST', '/v1/heartbeats', { terminalId: 'T-2', at: 1, journalHead: null, inService: true }],
    [
      'POST',
      '/v1/heartbeats',
      { terminalId: 'T-1', at: 1, journalHead: { terminalId: 'T-2', ...head }, inService: true },
    ],
    ['POST', '/v1/outcomes', { report: { terminalId: 'T-2', ...report }, head: null }],
    [
      'POST',
      '/v1/outcomes',
      { report: { terminalId: 'T-1', ...report }, head: { terminalId: 'T-2', ...head } },
    ],
    ['GET', '/v1/terminals/T-2/heads', undefined],
  ])('%s %s is refused with 403 and leaves nothing behind', async (method, path, body) => {
    const { caPem, clientCertPem, clientKeyPem } = await bench.credentials('T-1');
    const pool = new Pool(bench.running.terminalApiUrl, {
      connect: { ca: caPem, cert: clientCertPem, key: clientKeyPem },
    });
    const answer = await pool.request({
      method,
      path,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    expect(answer.statusCode).toBe(403);
    expect(await answer.body.json()).toEqual({ problem: 'the call names another terminal' });
    await pool.close();
    expect(await bench.front('/terminals/T-2/heads')).toMatchObject({ heads: [] });
  });
});
