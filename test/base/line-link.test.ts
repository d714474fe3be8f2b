import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { LineLink } from '../../src/base/line-link.ts';

type Frame = Record<string, unknown>;

describe('a line link', () => {
  let dir: string;
  let path: string;
  let server: Server;
  let clock: FakeClock;
  let peers: Socket[];
  let downs: string[];
  /** What the peer does with each frame; replaced by each test. */
  let onFrame: (frame: Frame, send: (frame: unknown) => void, socket: Socket) => void;
  let becameUp: () => void;
  let link: LineLink;

  const makeLink = (): LineLink =>
    new LineLink({
      socketPath: path,
      hello: { device: 'thing' },
      retryMs: 500,
      clock,
      onUp: () => becameUp(),
      onDown: (reason) => downs.push(reason),
      onEvent: () => undefined,
    });

  const listen = (): Promise<void> => new Promise((resolve) => void server.listen(path, resolve));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'anjungan-link-'));
    path = join(dir, 'peer.sock');
    clock = new FakeClock();
    peers = [];
    downs = [];
    becameUp = () => undefined;
    onFrame = ({ type }, send) => send(type === 'hello' ? { type: 'welcome' } : {});
    server = createServer((socket) => {
      peers.push(socket);
      const send = attachJsonLines(socket, {
        onFrame: (frame) => onFrame(frame as Frame, send, socket),
        onClose: () => undefined,
      });
    });
    link = makeLink();
  });
  afterEach(async () => {
    await link.stop();
    for (const peer of peers) peer.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true });
  });

  it('gives each request its own answer, in whatever order they come', async () => {
    const held: { id: unknown; body: unknown }[] = [];
    onFrame = ({ type, id, body }, send) => {
      if (type === 'hello') send({ type: 'welcome' });
      else held.push({ id, body });
      if (held.length < 2) return;
      for (const { id, body } of held.reverse()) send({ type: 'response', id, answer: body });
    };
    await listen();
    await link.start();
    const answers = await Promise.all([
      link.request({ body: 'first' }, 1_000),
      link.request({ body: 'second' }, 1_000),
    ]);
    expect(answers).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ]);
  });

  it('says noAnswer when the time runs out, and drops an answer that comes later', async () => {
    const asked: number[] = [];
    onFrame = ({ type, id }, send) => {
      if (type === 'hello') {
        send({ type: 'welcome' });
        return;
      }
      asked.push(id as number);
      if (asked.length === 1) clock.advance(1_000);
      else for (const late of asked) send({ type: 'response', id: late, answer: late });
    };
    await listen();
    await link.start();
    expect(await link.request({}, 1_000)).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(await link.request({}, 1_000)).toEqual({ ok: true, value: asked[1] });
  });

  it('says linkDown at once for what was asked when the peer went away', async () => {
    onFrame = ({ type }, send, socket) => {
      if (type === 'hello') send({ type: 'welcome' });
      else socket.destroy();
    };
    await listen();
    await link.start();
    expect(await link.request({}, 1_000)).toEqual({ ok: false, error: { kind: 'linkDown' } });
    expect(await link.request({}, 1_000)).toEqual({ ok: false, error: { kind: 'linkDown' } });
  });

  it('looks once at its start, and again after the pause until the peer is there', async () => {
    await link.start();
    expect(downs).toEqual(['unreachable']);
    await listen();
    const up = new Promise<void>((resolve) => (becameUp = resolve));
    clock.advance(500);
    await up;
  });

  it('hangs up on a peer that breaks the form', async () => {
    onFrame = (_frame, send) => send({ type: 'wellcome' });
    await listen();
    await link.start();
    expect(downs).toEqual(['protocolBroken']);
  });

  it('passes on why it was refused', async () => {
    onFrame = (_frame, send) => send({ type: 'refused', reason: 'inUse' });
    await listen();
    await link.start();
    expect(downs).toEqual(['inUse']);
  });

  it('is quiet after stop', async () => {
    await link.start();
    await link.stop();
    downs.length = 0;
    clock.advance(60_000);
    expect(downs).toEqual([]);
  });
});
