import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { loadBlanks } from '../../scripts/stack/stock.ts';
import { Web } from '../../scripts/stack/web.ts';
import { TerminalFolder } from '../cli/support/terminal-folder.ts';

jest.setTimeout(60_000);

const loadBody = z.strictObject({
  feeder: z.string(),
  blanks: z.array(z.strictObject({ kind: z.string(), batch: z.string(), serial: z.string() })),
});

let folder: TerminalFolder;
let server: Server;
let feeders: Map<string, string[]>;

/** Simulates the feeders of the cabinet's panel; anything else that is asked fails. */
beforeEach(async () => {
  folder = await TerminalFolder.make();
  feeders = new Map([
    ['ktp', []],
    ['kia', []],
  ]);
  server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/api/feeder/load') {
        const { feeder, blanks } = loadBody.parse(JSON.parse(body));
        feeders.get(feeder)?.push(...blanks.map(({ serial }) => serial));
      } else if (request.url !== '/api/state') response.statusCode = 404;
      const counts = [...feeders].map(([name, serials]) => ({ name, count: serials.length }));
      response.end(JSON.stringify({ ok: true, cardPrinter: { feeders: counts } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

const load = () =>
  loadBlanks(folder.data, new Web(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
const ends = (feeder: string) => [feeders.get(feeder)?.at(0), feeders.get(feeder)?.at(-1)];

describe('the stock of a stack', () => {
  it('goes into empty feeders once, and an emptied one goes on behind what the ledger knows', async () => {
    await load();
    expect(ends('ktp')).toEqual(['SPKTP00001', 'SPKTP00040']);
    expect(ends('kia')).toEqual(['SPKIA00001', 'SPKIA00040']);
    await load();
    expect(feeders.get('ktp')).toHaveLength(40);
    feeders.set('ktp', []);
    await load();
    expect(ends('ktp')).toEqual(['SPKTP00041', 'SPKTP00080']);
    expect(feeders.get('kia')).toHaveLength(40);
  });

  it('lays nothing into a feeder that the ledger refused', async () => {
    rmSync(folder.configFile);
    await expect(load()).rejects.toThrow('There is no configuration');
    expect(feeders.get('ktp')).toEqual([]);
  });
});
