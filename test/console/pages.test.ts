import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { err, ok } from '../../src/base/result.ts';
import { recordAttempt } from '../journal/fixture.ts';
import { buttonOn, deskForEachTest, headingOn, signIn } from './at-desk.ts';
import { faultsOf, nextRefresh, openDesk, type Desk } from './browser.ts';
import { ConsoleBench, PASSWORD } from './console-bench.ts';
import { SampleAttempts } from './sample-attempts.ts';
import { troubledStatus } from './sample-status.ts';

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

const at = deskForEachTest();
let bench: ConsoleBench;
let desk: Desk;
let page: Page;
beforeEach(() => {
  ({ bench, desk } = at);
  ({ page } = desk);
});

const button = (name: string | RegExp) => buttonOn(page, name);
const heading = (name: string) => headingOn(page, name);

describe('the whole way', () => {
  it('goes from the one-time secret over a self-test to the verdict on the record', async () => {
    const samples = new SampleAttempts(bench.fixture.journal, bench.clock);
    await samples.loadBlanks();
    await samples.uncertain('KTP-0001');
    bench.status = troubledStatus(Date.now());
    bench.keepHeads();

    await page.goto(`${bench.server.url}/technician/`);
    await heading('Buat akun pertama').waitFor();
    await page.getByLabel('Rahasia sekali pakai').fill(bench.secret());
    await page.getByLabel('Nama').fill('Siti Aminah');
    await page.getByLabel('Kata sandi', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Ulangi kata sandi').fill(PASSWORD);
    await button('Buat akun').click();

    await heading('Keadaan terminal').waitFor();
    const cards = await page.getByRole('article').getByRole('heading').allInnerTexts();
    expect(cards).toEqual([
      'Printer kartu',
      'Pemindai kode',
      'Printer kertas',
      'Celah KTP-el lama',
      'Pembaca kartu',
    ]);
    const printer = page.getByRole('article', { name: 'Printer kartu' });
    await expect(printer.innerText()).resolves.toMatch(
      /Rusak atau macet[^]*Kartu macet[^]*Yang diminta: Buka, keluarkan yang tersangkut[^]*Simulasi/,
    );
    await expect(printer.innerText()).resolves.toContain('Tidak ada yang bergerak.');
    expect(bench.commands).toEqual([]);
    await printer.getByRole('button', { name: 'Uji perangkat' }).click();
    await printer.getByText('Lolos pukul').waitFor();
    expect(bench.commands).toEqual(['card-printer getStatus']);
    expect(bench.events()).toContainEqual({
      kind: 'staff.deviceTested',
      personId: bench.people.findByName('Siti Aminah')?.personId,
      device: 'card-printer',
      test: 'askStatus',
      passed: true,
      faultCode: null,
    });

    await page.getByRole('link', { name: 'Catatan cetak' }).click();
    await heading('Catatan cetak').waitFor();
    const row = page.getByRole('row').nth(1);
    await row.waitFor();
    expect(await row.innerText()).toMatch(
      /KTP-el\s+Perlu diperiksa\s+Laporan perangkat\s+KTP-0001\s+Kartu macet\s+att_/,
    );
    await row.getByRole('link').click();
    await heading('Percobaan cetak KTP-el').waitFor();
    const jammed = page.getByRole('row').filter({ hasText: 'Gagal: Kartu macet' });
    expect(await jammed.innerText()).toMatch(
      /Masuk keadaan baru\s+dari\s+Akan sodorkan\s+ke\s+Belum jelas\s+Gangguan: Kartu macet\s+Gagal: Kartu macet\s+dalam 8 dtk\s+Kartu: macet/,
    );
    await page.goBack();
    await button('Apakah catatan utuh?').click();
    const verdict = page.getByRole('status').filter({ hasText: 'Catatan utuh' });
    await verdict.getByText('Kepala terbaru yang dijaga').waitFor();
    const head = bench.fixture.journal.head();
    expect(await verdict.innerText()).toMatch(
      new RegExp(`Dijaga sejak[^]*${head?.head.slice(0, 16)}…\\s+baris ${head?.size}, `),
    );

    await button('Keluar').click();
    await heading('Masuk').waitFor();
    expect(await page.getByText('Halaman ini keluar sendiri').count()).toBe(0);
    await page.reload();
    await heading('Masuk').waitFor();
  });

  it('can be gone with the keyboard alone', async () => {
    await bench.account('Budi', ['technician']);
    await page.goto(`${bench.server.url}/technician/`);
    await heading('Masuk').waitFor();
    await page.keyboard.type('Budi');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await heading('Keadaan terminal').waitFor();
    const focused = () => page.evaluate('document.activeElement.textContent');
    for (let pressed = 0; pressed < 30; pressed += 1) {
      if ((await focused()) === 'Uji perangkat Printer kartu') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByText('Lolos pukul').waitFor();
    expect(bench.commands).toEqual(['card-printer getStatus']);
  });
});

describe("the technician's page", () => {
  beforeEach(async () => {
    await bench.account('Budi', ['technician']);
  });

  it('follows the terminal, and keeps the last state in sight while core is away', async () => {
    await page.clock.install();
    await signIn(at, '/technician/', 'Budi');
    await page.getByText('Tidak ada yang harus dikerjakan sekarang.').waitFor();
    bench.status = { ...troubledStatus(Date.now()), outOfService: 'registryUnreachable' };
    await nextRefresh(page);
    await page.getByText('Terminal tidak melayani: layanan data tidak menjawab').waitFor();
    await page.route(/api\/technician\/status/, (route) => route.abort());
    await nextRefresh(page);
    await page.getByText('Keadaan tidak dapat diperbarui').waitFor();
    expect(await page.getByRole('article').count()).toBe(5);
    await page.unroute(/api\/technician\/status/);
    await nextRefresh(page);
    await page.getByText('Keadaan tidak dapat diperbarui').waitFor({ state: 'detached' });
  });

  it('does not take an answer that is not of the agreed form for a state', async () => {
    await page.route(/api\/technician\/status/, (route) =>
      route.fulfill({ json: { devices: [] } }),
    );
    await signIn(at, '/technician/', 'Budi');
    await page.getByText('Jawaban terminal tidak dapat dipakai').waitFor();
    await page.unroute(/api\/technician\/status/);
    await button('Coba lagi').click();
    await page.getByText('Tidak ada yang harus dikerjakan sekarang.').waitFor();
  });

  it('shows what a device says as text, whatever it is (stored injection)', async () => {
    const planted = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';
    const status = troubledStatus(Date.now());
    bench.status = {
      ...status,
      place: planted,
      devices: status.devices.map((device) => ({
        ...device,
        reasons: [planted, 'constructor', '__proto__.x'],
        lastFaults: [{ at: Date.now(), code: planted, requiredAction: 'none', command: planted }],
      })),
    };
    await signIn(at, '/technician/', 'Budi');
    await page.getByText(planted).first().waitFor();
    expect(await page.getByText(planted).count()).toBe(16);
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    await page.getByText('Kode: constructor').first().waitFor();
  });

  it('says in plain words why a self-test failed, and what became of one that core never answered', async () => {
    await signIn(at, '/technician/', 'Budi');
    bench.answers = () => ({ ok: false, error: { kind: 'noAnswer' } });
    await button('Uji perangkat Printer kertas').click();
    await page.getByText(/Tidak lolos pukul .*: Tidak menjawab/).waitFor();
    await page.route(/self-test/, (route) => route.abort());
    await button('Uji perangkat Printer kertas').click();
    await page.getByText('Terminal tidak menjawab.').waitFor();
  });
});

describe('the print log', () => {
  beforeEach(async () => {
    await bench.account('Rini', ['reviewer']);
  });

  it('is turned page by page, and comes back to where an attempt was opened', async () => {
    for (let made = 0; made < 31; made += 1) await recordAttempt(bench.fixture.journal);
    await signIn(at, '/staff/', 'Rini');
    const rows = page.getByRole('row');
    await rows.nth(30).waitFor();
    expect(await rows.count()).toBe(31);
    expect(await button('Lebih baru').isDisabled()).toBe(true);
    await button('Lebih lama').click();
    await page.getByText('Halaman 2').waitFor();
    await rows.nth(30).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(2);
    expect(await button('Lebih lama').isDisabled()).toBe(true);
    await rows.nth(1).getByRole('link').click();
    await heading('Percobaan cetak KK').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Catatan cetak' }).click();
    await page.getByText('Halaman 2').waitFor();
    await button('Lebih baru').click();
    await rows.nth(30).waitFor();
  });

  it('does not call the record whole without the heads of the registry, and says why', async () => {
    await signIn(at, '/staff/', 'Rini');
    const answers: readonly (readonly [Awaited<ReturnType<typeof bench.readHeads>>, string])[] = [
      [ok({ heads: [], more: false }), 'belum menyimpan satu pun kepala rantai'],
      [err({ kind: 'unreachable' }), 'Layanan data tidak dapat dihubungi'],
      [err({ kind: 'noAnswer' }), 'Layanan data tidak menjawab pada waktunya'],
      [err({ kind: 'nonsense', detail: '' }), 'Jawaban layanan data tidak dapat dipakai'],
    ];
    for (const [answer, why] of answers) {
      bench.readHeads = () => Promise.resolve(answer);
      await button('Apakah catatan utuh?').click();
      const verdict = page.getByRole('status').filter({ hasText: why });
      await verdict.getByText('Catatan utuh sejauh yang tersimpan di sini').waitFor();
      await verdict.getByText('Belum dibandingkan', { exact: true }).waitFor();
    }
  });

  it('says at which row the record breaks', async () => {
    await recordAttempt(bench.fixture.journal);
    const { journal } = bench.fixture.folder;
    journal.run(`UPDATE rows SET body = replace(body, '"composed"', '"composee"') WHERE seq = 5`);
    await signIn(at, '/staff/', 'Rini');
    await button('Apakah catatan utuh?').click();
    await page.getByText('Catatan tidak utuh mulai baris 5').waitFor();
    await page.getByText('Isi baris itu tidak cocok dengan rantainya.').waitFor();
  });

  it('says of each card how it is known that it came out, in the list and of itself', async () => {
    const samples = new SampleAttempts(bench.fixture.journal, bench.clock);
    await samples.loadBlanks();
    const known = [
      ['sensorSaw', 'Terlihat sensor'],
      ['deviceReported', 'Laporan perangkat'],
      ['hostAccepted', 'Diterima antrean'],
    ] as const;
    for (const [index, [evidence]] of known.entries()) {
      await samples.delivered(`KTP-000${String(index + 1)}`, evidence);
    }
    await signIn(at, '/staff/', 'Rini');
    const rows = page.getByRole('row');
    await rows.nth(known.length).waitFor();
    for (const [index, [, told]] of known.toReversed().entries()) {
      const cells = rows.nth(index + 1).getByRole('cell');
      expect(await cells.nth(3).textContent()).toBe(told);
    }
    await rows.nth(1).getByRole('link').click();
    await heading('KTP-el').waitFor();
    await page.getByRole('definition').filter({ hasText: 'Diterima antrean' }).waitFor();
  });

  it('says so of an attempt that is not there', async () => {
    await signIn(at, '/staff/#/attempt/att_TIDAKADA', 'Rini');
    await page.getByText('Yang dicari tidak ada').waitFor();
    await page.getByRole('link', { name: 'Catatan cetak' }).last().click();
    await page.getByText('Belum ada yang dicetak').waitFor();
  });
});

/** Words do not depend on colours: each language once, each scheme once. */
describe('every page', () => {
  it.each([
    ['light', 'id'],
    ['dark', 'en'],
  ] as const)('can be read, by axe too, in %s and in %s', async (scheme, language) => {
    await desk.context.close();
    at.desk = desk = await openDesk(at.browser, scheme);
    ({ page } = desk);
    await page.addInitScript(`localStorage.setItem('anjungan.console.language', '${language}')`);
    const found: Record<string, readonly string[]> = {};
    const look = async (name: string) => {
      const faults = await faultsOf(page);
      if (faults.length > 0) found[name] = faults;
    };
    const say = (id: string, en: string): string => (language === 'id' ? id : en);

    await page.goto(`${bench.server.url}/staff/`);
    await heading(say('Buat akun pertama', 'Make the first account')).waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe(scheme);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await button(say('Buat akun', 'Make account')).click();
    await page.getByRole('alert').waitFor();
    await look('set-up');

    await bench.account('Siti Aminah', ['administrator']);
    await page.reload();
    await heading(say('Masuk', 'Sign in')).waitFor();
    const password = page.getByLabel(say('Kata sandi', 'Password'));
    await page.getByLabel(say('Nama', 'Name')).fill('Siti Aminah');
    await password.fill('bukan-kuncinya');
    await password.press('Enter');
    await page.getByRole('alert').waitFor();
    await look('sign-in refused');
    await password.fill(PASSWORD);
    await password.press('Enter');
    await page.getByText(say('Belum ada yang dicetak', 'Nothing was printed yet')).waitFor();
    await look('empty print log');

    const samples = new SampleAttempts(bench.fixture.journal, bench.clock);
    await samples.loadBlanks();
    await samples.notPrinted();
    await samples.delivered('KTP-0001');
    await samples.uncertain('KTP-0002');
    await samples.underWay();
    bench.keepHeads();
    await button(say('Muat ulang', 'Reload')).click();
    await page.getByRole('table').waitFor();
    await button(say('Apakah catatan utuh?', 'Is the record whole?')).click();
    await page.getByText(say('Kepala terbaru yang dijaga', 'Newest head kept')).waitFor();
    await look('print log');
    await page.getByRole('row').nth(2).getByRole('link').click();
    await heading('KTP-el').waitFor();
    await page.locator('summary').last().click();
    await look('timeline');

    bench.status = troubledStatus(Date.now());
    await page.goto(`${bench.server.url}/technician/`);
    await button(/^(Uji perangkat|Test device)/)
      .first()
      .click();
    await page.getByText(say('Lolos pukul', 'Passed at')).waitFor();
    await look('technician');
    await page.setViewportSize({ width: 1024, height: 768 });
    await look('technician on a small screen');
    bench.status = { ...bench.status, outOfService: 'diskFull', devices: [] };
    await page.getByText(say('Tidak ada perangkat', 'No devices')).waitFor();
    await look('out of service');
    expect(found).toEqual({});
  });
});
