import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { IDLE_LIMIT_MS } from '../../src/staff/sign-in-sessions.ts';
import { buttonOn, deskForEachTest, headingOn, signIn } from './at-desk.ts';
import { nextRefresh } from './browser.ts';
import { PASSWORD, type ConsoleBench } from './console-bench.ts';

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

const at = deskForEachTest();
let bench: ConsoleBench;
let page: Page;
beforeEach(() => {
  ({ bench } = at);
  ({ page } = at.desk);
});

const button = (name: string | RegExp) => buttonOn(page, name);
const heading = (name: string) => headingOn(page, name);

describe('sign-in', () => {
  it('says what is wrong, counts the wait down, and lets in after it', async () => {
    await bench.account('Budi', ['technician']);
    await page.clock.install();
    await signIn(at, '/technician/', 'Budi', '');
    await page.getByText('Isi nama dan kata sandi dulu').waitFor();
    const password = page.getByLabel('Kata sandi');
    for (let tries = 1; tries <= 5; tries += 1) {
      const answered = page.waitForResponse(/api\/sign-in/);
      await password.fill('bukan-kuncinya');
      await password.press('Enter');
      await answered;
      // The page has heard it too, which clears the field of what was wrong.
      await button('Memeriksa…').waitFor({ state: 'detached' });
    }
    await page.getByText('Tunggu sampai hitungan selesai').waitFor();
    await button('Coba lagi dalam 15 detik').waitFor();
    await button('Coba lagi dalam 13 detik').waitFor();
    expect(await button(/Coba lagi dalam/).isDisabled()).toBe(true);
    // Enter asks nothing of core while the wait lasts.
    const before = bench.events().length;
    await password.fill(PASSWORD);
    await password.press('Enter');
    bench.clock.advance(15_000);
    await page.clock.fastForward(15_000);
    await button('Masuk').waitFor();
    expect(bench.events()).toHaveLength(before);
    await password.press('Enter');
    await heading('Keadaan terminal').waitFor();
  });

  it('asks nobody to wait where core asks for no wait, however slow the machine', async () => {
    await bench.account('Budi', ['technician']);
    // Time passes between any two readings of the clock; whatever the page ever says is kept.
    await page.addInitScript(`
      const read = performance.now.bind(performance);
      let passed = 0;
      performance.now = () => read() + (passed += 1);
      window.said = [];
      new MutationObserver(() => window.said.push(document.body?.innerText))
        .observe(document, { subtree: true, childList: true, characterData: true });`);
    await signIn(at, '/technician/', 'Budi', 'bukan-kuncinya');
    await page.getByText('Periksa keduanya, lalu coba lagi.').waitFor();
    const said = await page.evaluate('window.said.join()');
    expect(said).toContain('Nama atau kata sandi tidak cocok');
    expect(said).not.toContain('Coba lagi dalam');
  });

  it('comes back, and says so, once nobody was at the page for a quarter of an hour', async () => {
    await bench.account('Budi', ['technician']);
    await page.clock.install();
    await signIn(at, '/technician/', 'Budi');
    await heading('Keadaan terminal').waitFor();
    bench.clock.advance(IDLE_LIMIT_MS);
    await nextRefresh(page);
    await page.getByText('Anda sudah keluar').waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
  });

  it('is kept by somebody who presses a key', async () => {
    await bench.account('Budi', ['technician']);
    await page.clock.install();
    await signIn(at, '/technician/', 'Budi');
    await heading('Keadaan terminal').waitFor();
    await page.clock.fastForward(61_000);
    const told = page.waitForRequest(/api\/activity/);
    await page.keyboard.press('Shift');
    await told;
  });

  it('opens no page that is not for the role, and names the one that is', async () => {
    await bench.account('Budi', ['technician']);
    await signIn(at, '/staff/', 'Budi');
    await page.getByText('Akun Anda tidak berwenang membuka halaman ini').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    const links = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    expect(links).toEqual(['Teknisi']);
    await page.getByRole('link', { name: 'Teknisi' }).click();
    await heading('Keadaan terminal').waitFor();
  });
});
