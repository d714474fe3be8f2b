import { expect, it, jest } from '@jest/globals';
import { deskForEachTest, signIn } from './at-desk.ts';
import { nextRefresh } from './browser.ts';

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

const at = deskForEachTest();

it('never says that all is well while two people have to decide something', async () => {
  const { bench, desk } = at;
  const { page } = desk;
  await bench.account('Budi', ['technician']);
  await page.clock.install();
  await signIn(at, '/technician/', 'Budi');
  const summary = page.getByRole('note').first();
  await summary.getByText('Tidak ada yang harus dikerjakan sekarang.').waitFor();
  for (const [reason, told] of [
    ['outcomeUnresolved', 'Sebuah hasil cetak belum pasti: dua petugas'],
    ['countersWentBack', 'Hitungan printer kartu kurang dari yang tercatat'],
    ['registryForgot', 'Layanan data membantah yang sudah diakuinya'],
    ['countNeeded', 'Isi pengumpan belum tentu sama dengan catatan'],
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
