import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  MAX_REQUEST_BYTES,
  MAX_UNREAD_BYTES,
  serveUnixSocket,
  type SocketClient,
} from '../../src/core/sockets/unix-server.ts';

let folder: string;
let socketPath: string;
let server: { stop(): Promise<void> };
let frames: unknown[];
let connected: PromiseWithResolvers<SocketClient>;
let closed: PromiseWithResolvers<undefined>;
let gotFrame: () => void;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'anjungan-socket-'));
  socketPath = path.join(folder, 'citizen.sock');
  frames = [];
  const first = (connected = Promise.withResolvers());
  const end = (closed = Promise.withResolvers());
  gotFrame = () => undefined;
  server = await serveUnixSocket(socketPath, {
    onConnect: (client) => first.resolve(client),
    onFrame: (_, frame) => {
      frames.push(frame);
      gotFrame();
    },
    onClose: () => end.resolve(undefined),
  });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function connect(): Promise<net.Socket> {
  const socket = net.connect(socketPath);
  // What follows a drop is the kernel's choice: a reset, or an end.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('a socket of core', () => {
  it('takes a frame as long as any real one', async () => {
    const socket = await connect();
    const got = new Promise<void>((resolve) => (gotFrame = resolve));
    const text = 'x'.repeat(MAX_REQUEST_BYTES - 2);
    socket.write(`${JSON.stringify(text)}\n`);
    await got;
    expect(frames).toEqual([text]);
    socket.destroy();
  });

  it.each([
    ['ends', '\n'],
    ['never ends', ''],
  ])('drops a client whose frame is too long and %s', async (_, end) => {
    const socket = await connect();
    socket.write(`"${'x'.repeat(MAX_REQUEST_BYTES)}"${end}`);
    await closed.promise;
    expect(frames).toEqual([]);
    socket.destroy();
  });

  it('drops a client that does not read, instead of keeping for it what it will never ask for', async () => {
    const socket = await connect();
    socket.pause();
    const client = await connected.promise;
    const end = { seen: false };
    void closed.promise.then(() => (end.seen = true));
    const view = 'x'.repeat(64 * 1024);
    let sentBytes = 0;
    // The kernel takes some of it, so a little more than the bound is sent before it shows.
    while (!end.seen && sentBytes < 4 * MAX_UNREAD_BYTES) {
      client.send(view);
      sentBytes += view.length;
      await new Promise(setImmediate);
    }
    expect(end.seen).toBe(true);
    expect(sentBytes).toBeGreaterThan(MAX_UNREAD_BYTES);
    socket.destroy();
  });
});
