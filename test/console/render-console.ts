/** Saves a picture of every console page in both colour schemes under `out/screens/console`, for eyes. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { err, ok } from '../../src/base/result.ts';
import { buildPages } from '../ui/built-pages.ts';
import { launchChromium } from '../ui/launch-chromium.ts';
import { openDesk } from './browser.ts';
import { ConsoleBench, PASSWORD } from './console-bench.ts';
import { SampleAttempts } from './sample-attempts.ts';
import { healthyStatus, troubledStatus } from './sample-status.ts';

const folder = join(import.meta.dirname, '../../out/screens/console');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const pages = await buildPages('asShipped');
const browser = await launchChromium();

async function render(from: Browser, scheme: 'light' | 'dark', language: 'id' | 'en') {
  const bench = await ConsoleBench.open(pages, Date.now() - 30 * 60_000);
  const { page, context } = await openDesk(from, scheme);
  const say = (id: string, en: string): string => (language === 'id' ? id : en);
  const save = async (name: string) => {
    await page.screenshot({
      path: join(folder, `${name}-${scheme}-${language}.png`),
      fullPage: true,
    });
  };
  await page.addInitScript(`localStorage.setItem('anjungan.console.language', '${language}')`);
  await page.goto(`${bench.server.url}/technician/`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await save('set-up');
  await bench.account('Siti Aminah', ['administrator']);
  await page.reload();
  const name = page.getByLabel(say('Nama', 'Name'));
  const password = page.getByLabel(say('Kata sandi', 'Password'));
  await name.fill('Siti Aminah');
  await save('sign-in');
  for (let tries = 0; tries < 5; tries += 1) {
    await password.fill('bukan-kuncinya');
    await password.press('Enter');
    const working = page.getByRole('button', { name: say('Memeriksa…', 'Checking…') });
    await working.waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: say('Coba lagi dalam', 'Try again in') }).waitFor();
  await save('sign-in-wait');
  bench.clock.advance(15_000);
  await page.reload();
  bench.status = healthyStatus(Date.now());
  await name.fill('Siti Aminah');
  await password.fill(PASSWORD);
  await password.press('Enter');
  await page.getByRole('article').first().waitFor();
  await save('technician-well');
  bench.status = troubledStatus(Date.now());
  await page.getByText(say('Kartu macet', 'Card jammed')).first().waitFor();
  await page
    .getByRole('button', { name: say('Uji perangkat', 'Test device') })
    .first()
    .click();
  await page.getByText(say('Lolos pukul', 'Passed at')).waitFor();
  await save('technician-trouble');
  bench.status = {
    ...healthyStatus(Date.now()),
    documents: { ktpEl: 'outcomeUnresolved', kia: 'countNeeded', kk: null },
  };
  await page.getByText(say('dua petugas harus memutuskannya', 'have to decide it')).waitFor();
  await save('technician-two-people');
  bench.status = {
    ...troubledStatus(Date.now()),
    documents: { ktpEl: 'strangeBlank', kia: 'printerInMaintenance', kk: 'paperOut' },
    outOfService: 'noDocumentAvailable',
    devices: [],
  };
  await page.getByText(say('Tidak ada perangkat', 'No devices')).waitFor();
  await save('technician-out-of-service');

  await page.goto(`${bench.server.url}/staff/`);
  await page.getByText(say('Belum ada yang dicetak', 'Nothing was printed yet')).waitFor();
  await save('print-log-empty');
  const samples = new SampleAttempts(bench.fixture.journal, bench.clock);
  await samples.loadBlanks();
  await samples.notPrinted();
  await samples.delivered('KTP-0001');
  await samples.uncertain('KTP-0002');
  await samples.delivered('KTP-0003');
  await samples.underWay();
  await page.getByRole('button', { name: say('Muat ulang', 'Reload') }).click();
  await page.getByRole('table').waitFor();
  await page.getByRole('button', { name: say('Apakah catatan utuh', 'Is the record') }).click();
  await page.getByText(say('Catatan utuh sejauh', 'The record is whole as far')).waitFor();
  await save('print-log-unanchored');
  const ask = page.getByRole('button', { name: say('Apakah catatan utuh', 'Is the record') });
  bench.keepHeads();
  await ask.click();
  await page.getByText(say('Kepala terbaru yang dijaga', 'Newest head kept')).waitFor();
  await save('print-log-valid');
  bench.readHeads = () => Promise.resolve(err({ kind: 'unreachable' }));
  await ask.click();
  await page.getByText(say('tidak dapat dihubungi', 'cannot be reached')).waitFor();
  await save('print-log-unreachable');
  const head = await bench.fixture.journal.checkpoint();
  bench.readHeads = () =>
    Promise.resolve(
      ok({ heads: head === null ? [] : [{ ...head, size: head.size - 5 }], more: false }),
    );
  await ask.click();
  await page.getByText(say('Catatan tidak utuh', 'The record is broken')).waitFor();
  await save('print-log-broken');
  await page.getByRole('row').nth(3).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'KTP-el' }).waitFor();
  await page.locator('summary').last().click();
  await save('timeline-uncertain');
  await page.goBack();
  await page.getByRole('row').nth(2).getByRole('link').click();
  await page.getByRole('heading', { level: 1, name: 'KTP-el' }).waitFor();
  await save('timeline-delivered');
  await context.close();
  await bench.close();
}

await render(browser, 'light', 'id');
await render(browser, 'dark', 'en');
await browser.close();
console.log(`pictures in ${folder}`);
