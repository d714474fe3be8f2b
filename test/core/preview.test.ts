import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { servePreview } from '../../src/core/preview-server.ts';
import type { SocketClient } from '../../src/core/sockets/unix-server.ts';

let folder: string;
let preview: Awaited<ReturnType<typeof servePreview>>;
const frames: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'preview-'));
  mkdirSync(path.join(folder, 'citizen'));
  writeFileSync(path.join(folder, 'citizen/index.html'), '<!doctype html><title>Anjungan</title>');
  preview = await servePreview({
    uiFolder: folder,
    port: 0,
    citizen: {
      onConnect: (client: SocketClient) => client.send({ type: 'view' }),
      onFrame: (client, frame) => {
        frames.push(frame);
        client.drop();
      },
      onClose: () => undefined,
    },
  });
});
afterAll(async () => {
  await preview.stop();
  rmSync(folder, { recursive: true });
});

async function status(headers: Record<string, string>): Promise<number | undefined> {
  const request = http.get(`${preview.url}/citizen/index.html`, { headers });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('the browser preview', () => {
  it('serves the pages under a policy that lets no foreign script run', async () => {
    const answer = await fetch(`${preview.url}/citizen/index.html`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(answer.headers.get('content-security-policy')).toContain('sandbox allow-scripts');
  });

  it('answers to no name that a DNS answer could move', async () => {
    expect(await status({ host: 'evil.test' })).toBe(421);
    expect(await status({ host: '127.0.0.1.evil.test' })).toBe(421);
  });

  it('serves no page of another origin', async () => {
    expect(await status({ origin: 'https://evil.test' })).toBe(421);
    expect(await status({ origin: 'null' })).toBe(421);
  });

  it('serves no page that another program of this machine serves', async () => {
    const own = new URL(preview.url);
    expect(await status({ origin: own.origin })).toBe(200);
    expect(await status({ origin: `http://127.0.0.1:${Number(own.port) + 1}` })).toBe(421);
    expect(await status({ origin: `http://localhost:${own.port}` })).toBe(421);
    expect(await status({ origin: own.origin.replace('http', 'https') })).toBe(421);
  });

  it('carries the frames of the citizen socket, and drops who sends something else', async () => {
    const socket = new WebSocket(`${preview.url.replace('http', 'ws')}/citizen`, {
      origin: preview.url,
    });
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(first.toString())).toEqual({ type: 'view' });
    socket.send('no JSON');
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1008);
    expect(frames).toEqual([]);
  });

  it.each([
    ['another site', { origin: 'https://evil.test' }],
    ['another program of this machine', { origin: 'http://127.0.0.1:1' }],
    ['no page at all', {}],
  ])('refuses a socket that %s opens', async (_, options) => {
    const socket = new WebSocket(`${preview.url.replace('http', 'ws')}/citizen`, options);
    const [cause] = (await once(socket, 'error')) as [Error];
    expect(cause.message).toContain('421');
  });
});
