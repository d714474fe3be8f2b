import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpRegistry, type HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
} from '../../../src/registry/reference/pki.ts';
import { httpAnswer, LyingRegistry, type Lie } from '../support/lying-registry.ts';

const terminalId = 'T-BRAVE';
const dir = mkdtempSync(join(tmpdir(), 'anjungan-hostile-'));
let lying: LyingRegistry;
let registry: HttpRegistry;

beforeAll(async () => {
  const pki = await createPki(dir, [terminalId]);
  lying = await LyingRegistry.start(pki);
  registry = createHttpRegistry({
    baseUrl: lying.url,
    terminalId,
    caPem: readFileSync(pki.rootCert, 'utf8'),
    clientCertPem: readFileSync(terminalCertPath(dir, terminalId), 'utf8'),
    clientKeyPem: readFileSync(terminalKeyPath(dir, terminalId), 'utf8'),
  });
});
afterAll(async () => {
  await registry.close();
  await lying.stop();
  rmSync(dir, { recursive: true });
});

const reservation = {
  requestId: 'req_1',
  attemptId: 'att_1',
  terminalId,
  state: 'held',
  leaseExpiresAt: 1,
};
const good = JSON.stringify(reservation);
const read = (deadlineMs = 5000) => registry.requests.readReservation('att_1', { deadlineMs });

const endless: Lie = (socket) => {
  socket.write(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const chunk = Buffer.from(`8000\r\n${' '.repeat(0x8000)}\r\n`);
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', pour);
  };
  pour();
};

describe('an answer that breaks the contract', () => {
  it.each<[string, Lie, string]>([
    ['a redirect', httpAnswer('', { status: '302 Found', headers: { location: '/' } }), 'redirect'],
    ['a page', httpAnswer('<p>', { headers: { 'content-type': 'text/html' } }), 'content-type'],
    [
      'compression',
      httpAnswer(good, { headers: { 'content-encoding': 'gzip' } }),
      'content-encoding',
    ],
    [
      'ten announced megabytes',
      httpAnswer('', { headers: { 'content-length': '10000000' } }),
      'answer too long',
    ],
    ['an endless body', endless, 'answer too long'],
    ['a cut value', httpAnswer('{"requestId":'), 'notJson'],
    ['a name twice', httpAnswer(good.replace('{', '{"state":"ended",')), 'duplicateKey'],
    ['__proto__', httpAnswer(good.replace('{', '{"__proto__":{},')), 'forbiddenKey'],
    ['ten thousand brackets', httpAnswer('['.repeat(10_000)), 'tooDeep'],
    ['bytes that are no text', httpAnswer(Buffer.from([0x7b, 0xff])), 'notUtf8'],
    ['another type', httpAnswer(good.replace('1}', '"1"}')), 'answer of another shape'],
    ['an unknown member', httpAnswer(good.replace('{', '{"x":1,')), 'answer of another shape'],
    [
      'an unknown refusal',
      httpAnswer('{"kind":"no"}', { status: '409 Conflict' }),
      'refusal of another shape',
    ],
    ['an unexpected status', httpAnswer(good, { status: '201 Created' }), 'status 201'],
    ['another attempt', httpAnswer(good.replace('att_1', 'att_2')), 'answer about another attempt'],
    [
      'another terminal',
      httpAnswer(good.replace(terminalId, 'T-X')),
      'answer about another attempt',
    ],
    ['no HTTP at all', (socket) => void socket.write('220 mail ready\r\n'), 'not HTTP'],
    ['endless headers', httpAnswer(good, { headers: { x: 'y'.repeat(100_000) } }), 'not HTTP'],
  ])('%s is nonsense, and is not asked for again', async (_, lie, detail) => {
    lying.tell(lie);
    expect(await read()).toEqual({ ok: false, error: { kind: 'nonsense', detail } });
    expect(lying.requests).toBe(1);
  });

  it('is told from a good answer by nothing else', async () => {
    lying.tell(httpAnswer(good));
    expect(await read()).toEqual({ ok: true, value: reservation });
  });
});

describe('an answer that does not come whole', () => {
  it.each<[string, Lie]>([
    [
      'cut in the body',
      (socket) => {
        httpAnswer('{', { headers: { 'content-length': '99' } })(socket);
        socket.end();
      },
    ],
    [
      'cut between chunks',
      (socket) =>
        void socket.end(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n',
        ),
    ],
    ['cut before the head', (socket) => socket.destroy()],
    ['status 500', httpAnswer('{}', { status: '500 Oops' })],
    [
      'status 503 as a page',
      httpAnswer('<p>', { status: '503 Busy', headers: { 'content-type': 'text/html' } }),
    ],
    ['status 429', httpAnswer('{}', { status: '429 Slow Down' })],
  ])('%s is no answer, and a safe call is tried three times', async (_, lie) => {
    lying.tell(lie);
    expect(await read()).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(lying.requests).toBe(3);
  });

  it('silence is no answer at the deadline', async () => {
    lying.tell(() => undefined);
    expect(await read(300)).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(lying.requests).toBe(1);
  });

  it('a drip of single bytes is no answer at the deadline', async () => {
    lying.tell((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n',
      );
      const drip = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await read(400)).toEqual({ ok: false, error: { kind: 'noAnswer' } });
  });

  it('a call that would count twice is not tried again without a key', async () => {
    lying.tell((socket) => socket.destroy());
    const feedback = { sessionId: 'ses_1', element: 'U1', score: 3 };
    expect(await registry.outcomes.sendFeedback(feedback, { deadlineMs: 5000 })).toEqual({
      ok: false,
      error: { kind: 'noAnswer' },
    });
    expect(lying.requests).toBe(1);
    const options = { deadlineMs: 5000, idempotencyKey: 'key_12345678' };
    await registry.outcomes.sendFeedback(feedback, options);
    expect(lying.requests).toBe(4);
  });
});
