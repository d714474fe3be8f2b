import { request } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPanel, type Panel } from '../../../drivers/cabinet/panel.ts';
import {
  greySide,
  ktpBlanks,
  startCabinet,
  startCardPrinterDriver,
  type CabinetRig,
} from './cabinet-rig.ts';

describe('the control panel', () => {
  let rig: CabinetRig;
  let panel: Panel;
  beforeEach(async () => {
    rig = await startCabinet();
    panel = await startPanel(rig.cabinet);
  });
  afterEach(async () => {
    await panel.stop();
    await rig.stop();
  });

  async function post(path: string, body: unknown = {}) {
    const response = await fetch(`${panel.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${panel.url}${path}`)).json()) as Record<string, unknown>;
  /** fetch() sets Host itself, so this one goes by hand. */
  const statusWith = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${panel.url}/api/exit/take`,
        { method: 'POST', headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.once('error', reject);
      sent.end();
    });

  it('answers to a loopback name only', async () => {
    expect(await statusWith({ host: 'panel.example:80' })).toBe(403);
    expect(await statusWith({ host: '127.0.0.1.example' })).toBe(403);
    expect(await statusWith({ host: 'localhost:1' })).toBe(409);
  });

  it('takes no orders from the page of another origin', async () => {
    expect(await statusWith({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusWith({ origin: panel.url })).toBe(409);
  });

  it('loads blanks, shows them, and puts them on record', async () => {
    const blanks = ktpBlanks(2);
    expect(await post('/api/feeder/load', { feeder: 'ktp', blanks })).toEqual({
      status: 200,
      body: { ok: true, count: 2 },
    });
    expect(await get('/api/state')).toMatchObject({
      cardPrinter: {
        feeders: [
          { name: 'ktp', count: 2, blanks },
          { name: 'kia', count: 0 },
        ],
      },
    });
    const { entries } = await get('/api/record');
    expect(entries).toMatchObject([{ seq: 1, type: 'blanksLoaded', feeder: 'ktp', blanks }]);
    expect((await get('/api/record?after=1'))['entries']).toEqual([]);
  });

  it('says in words what a hand could not do', async () => {
    expect(await post('/api/exit/take')).toEqual({
      status: 409,
      body: { ok: false, error: 'nothingThere', reason: 'no card lies at the exit' },
    });
    expect((await post('/api/paper/take')).body['error']).toBe('noPagePrinter');
    expect((await post('/api/untap')).body['error']).toBe('noVirtualCard');
    expect((await post('/api/card-printer/clear-jam')).body['error']).toBe('notJammed');
  });

  it.each([
    ['/api/card-printer/fault', { step: 'feed', fault: 'ribbonOut' }],
    ['/api/card-printer/fault', { step: 'feed', fault: 'wrongKindInFeeder', when: 'before' }],
    [
      '/api/feeder/load',
      { feeder: 'ktp', blanks: [{ kind: 'ktpEl', batch: 'B', serial: '../x' }] },
    ],
    ['/api/scan', { payload: 'two\nlines' }],
    ['/api/door', { open: 'yes' }],
    ['/api/power/cut', { really: true }],
  ])('refuses to %s with %j', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 400, body: { error: 'notUnderstood' } });
    expect(rig.cabinet.record.length).toBe(0);
  });

  it('wakes a caller that waits for a movement', async () => {
    const waiting = get('/api/record/next?after=0&type=doorClosed&timeoutMs=60000');
    await post('/api/door', { open: true });
    await post('/api/door', { open: false });
    expect(await waiting).toMatchObject({ entry: { seq: 2, type: 'doorClosed' } });
    expect(await get('/api/record/next?after=2&timeoutMs=0')).toEqual({ entry: null });
  });

  it('shows a printed side as a picture, and nothing else of the disk', async () => {
    rig.cabinet.printerHands.load('ktp', ktpBlanks(1));
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    await driver.handlers.feedBlank({ feeder: 'ktp', blankKind: 'ktpEl' });
    await driver.handlers.printSide(greySide('front'));
    await driver.stop();
    const picture = await fetch(`${panel.url}/cards/KTP-000001-front.png`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    const head = Buffer.from(await picture.arrayBuffer()).subarray(0, 24);
    expect([head.readUInt32BE(16), head.readUInt32BE(20)]).toEqual([1012, 638]);
    expect((await fetch(`${panel.url}/cards/KTP-000009-front.png`)).status).toBe(404);
    expect((await fetch(`${panel.url}/cards/..%2Fworld.json`)).status).toBe(400);
  });

  it('records a scan without its content, and refuses one when the scanner is unplugged', async () => {
    await post('/api/scan', { payload: 'ANJ1.SECRET' });
    const { entries } = await get('/api/record');
    expect(entries).toMatchObject([{ type: 'codeScanned', bytes: 11 }]);
    expect(JSON.stringify(entries)).not.toContain('SECRET');
    await post('/api/scanner/unplug');
    expect(await post('/api/scan', { payload: 'ANJ1.SECRET' })).toMatchObject({
      status: 409,
      body: { error: 'unplugged' },
    });
  });

  it('serves its page under a policy that lets no foreign script in', async () => {
    const page = await fetch(`${panel.url}/`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await page.text()).toContain('<h1>Simulated cabinet</h1>');
  });
});

describe('the paper in the output tray', () => {
  it('is what the page printer kept and nobody has taken yet', async () => {
    const rig = await startCabinet();
    const jobsDir = join(rig.dataDir, 'jobs');
    mkdirSync(jobsDir);
    await rig.cabinet.stop();
    const lab = { virtualCard: null, pagePrinter: { jobsDir } };
    const second = await startCabinet({ dataDir: rig.dataDir, lab });
    expect(await second.cabinet.takePaper()).toMatchObject({ error: { kind: 'nothingThere' } });
    writeFileSync(join(jobsDir, '1-kk.pdf'), 'x');
    expect(await second.cabinet.takePaper()).toEqual({
      ok: true,
      value: { documents: ['1-kk.pdf'] },
    });
    expect(await second.cabinet.takePaper()).toMatchObject({ error: { kind: 'nothingThere' } });
    await second.stop();
  });
});
