import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { buildPages } from '../ui/built-pages.ts';
import { launchChromium } from '../ui/launch-chromium.ts';
import { nextRefresh, openDesk, type Desk } from './browser.ts';
import { ConsoleBench, PASSWORD } from './console-bench.ts';

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

let browser: Browser;
let bench: ConsoleBench;
let desk: Desk;

beforeAll(async () => {
  const [launched, built] = await Promise.all([
    launchChromium(),
    buildPages('console', 'asShipped'),
  ]);
  browser = launched;
  bench = await ConsoleBench.open(built, Date.now() - 3_600_000);
  desk = await openDesk(browser);
});
afterAll(async () => {
  await desk.context.close();
  await bench.close();
  await browser.close();
});

it('never says that all is well while two people have to decide something', async () => {
  const { page } = desk;
  await bench.account('Budi', ['technician']);
  await page.clock.install();
  await page.goto(`${bench.server.url}/technician/`);
  await page.getByLabel('Nama').fill('Budi');
  await page.getByLabel('Kata sandi').fill(PASSWORD);
  await page.getByLabel('Kata sandi').press('Enter');
  const summary = page.getByRole('note').first();
  await summary.getByText('Tidak ada yang harus dikerjakan sekarang.').waitFor();
  for (const [reason, told] of [
    ['outcomeUnresolved', 'Sebuah hasil cetak belum pasti: dua petugas'],
    ['countersWentBack', 'Hitungan printer kartu kurang dari yang tercatat'],
    ['strangeBlank', 'Pengumpan mengeluarkan blangko yang tidak tercatat: dua petugas'],
  ] as const) {
    const documents = { ...bench.status.documents, ktpEl: reason };
    bench.status = { ...bench.status, documents };
    await nextRefresh(page);
    await summary.getByText(told).waitFor();
    expect(await page.locator('.anj-alert--success').count()).toBe(0);
    expect(await page.locator('.anj-alert--caution').count()).toBe(1);
  }
  bench.status = { ...bench.status, outOfService: 'noDocumentAvailable' };
  await nextRefresh(page);
  await page.getByText('Terminal tidak melayani: tidak ada dokumen').waitFor();
  expect(await summary.getByText('Pengumpan mengeluarkan blangko').count()).toBe(1);
});
