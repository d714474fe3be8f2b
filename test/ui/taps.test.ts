import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { choiceSchema, type Choice } from '../../src/rpc/citizen.ts';
import type { SessionView } from '../../src/rpc/citizen-view.ts';
import { buildPages } from './built-pages.ts';
import { launchChromium } from './launch-chromium.ts';
import { viewAs } from './sample-view.ts';
import { sampleViews } from './sample-views.ts';
import { closeStage, openStage, type Stage } from './stage.ts';

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

let browser: Browser;
let stage: Stage;
let viewId = 0;

beforeAll(async () => {
  browser = await launchChromium();
  stage = await openStage(browser, await buildPages('asShipped'), 'portrait');
});

afterAll(async () => {
  await closeStage(stage);
  await browser.close();
});

/** Shows a sample under a fresh number, as core does with each view. */
async function show(name: string, change: Partial<SessionView> = {}): Promise<number> {
  const sample = sampleViews.find((each) => each.name === name);
  if (sample === undefined) throw new Error(`no sample is called ${name}`);
  viewId += 1;
  await stage.server.show({ ...viewAs(sample, { viewId }), ...change });
  return viewId;
}

/** The same screen twice keeps what was typed; coming from another one it starts empty. */
async function showAnew(name: string): Promise<number> {
  await show('verifying');
  return show(name);
}

/** The choice that comes of an act. The page may make none before it. */
async function choiceOf(act: () => Promise<void>): Promise<{ viewId: number; choice: Choice }> {
  const next = stage.server.nextChoice();
  await act();
  const { viewId: answered, choice } = await next;
  return { viewId: answered, choice };
}

const tap = (label: string | RegExp): Promise<void> =>
  stage.page.getByRole('button', { name: label, exact: typeof label === 'string' }).click();
const typeByTaps = async (digits: string): Promise<void> => {
  for (const digit of digits) await tap(digit);
};

const taps: readonly (readonly [string, string | RegExp, Choice])[] = [
  ['welcome', /^Tempelkan KTP-el/, { kind: 'startWay', way: 'eKtp' }],
  ['welcome', /^Pindai kode QR/, { kind: 'startWay', way: 'code' }],
  ['welcome', /^Ketik NIK/, { kind: 'startWay', way: 'nik' }],
  ['present-card', 'Kembali', { kind: 'back' }],
  ['present-card', 'Batalkan', { kind: 'cancel' }],
  ['present-card', 'Panggil petugas', { kind: 'callOfficer' }],
  ['choose-document', /^KK/, { kind: 'chooseDocument', requestId: 'req-2' }],
  ['choose-document-none', 'Selesai', { kind: 'finish' }],
  ['confirm-card', 'Cetak KTP-el', { kind: 'confirmPrint' }],
  ['confirm-card', 'Datanya salah', { kind: 'dataWrong' }],
  ['take-paper', 'Sudah saya ambil', { kind: 'paperTaken' }],
  ['take-paper', 'Kertasnya tidak lengkap', { kind: 'paperMissing' }],
  ['result-paper-uncertain', 'Cetak ulang', { kind: 'repeatPrint' }],
  ['result-paper-uncertain', 'Cetak dokumen lain', { kind: 'another' }],
  ['result-card-delivered', 'Selesai', { kind: 'finish' }],
  ['satisfaction-waktu', 'Tidak cepat', { kind: 'rate', score: 1 }],
  ['satisfaction-waktu', 'Kurang cepat', { kind: 'rate', score: 2 }],
  ['satisfaction-waktu', 'Cepat', { kind: 'rate', score: 3 }],
  ['satisfaction-waktu', 'Sangat cepat', { kind: 'rate', score: 4 }],
  ['satisfaction-waktu', 'Lewati', { kind: 'skipRating' }],
  ['goodbye', 'Ke layar awal', { kind: 'finish' }],
  ['time-limit', 'Ya, lanjutkan', { kind: 'extendTime' }],
  ['time-limit', 'Akhiri', { kind: 'cancel' }],
];

describe('a tap', () => {
  it.each(taps)('on %s, "%s", answers that view', async (name, label, choice) => {
    const shown = await show(name);
    expect(await choiceOf(() => tap(label))).toEqual({ viewId: shown, choice });
  });

  it('on a language asks for it', async () => {
    const shown = await show('welcome');
    const english = stage.page.getByRole('radio', { name: 'English' });
    expect(await choiceOf(() => english.click())).toEqual({
      viewId: shown,
      choice: { kind: 'setLanguage', language: 'en' },
    });
  });

  it('can make every choice that core understands', () => {
    const typed = ['setLanguage', 'submitNik', 'submitPin', 'submitPrintCode'];
    const made = new Set([...taps.map(([, , { kind }]) => kind), ...typed]);
    const kinds = choiceSchema.options.map((option) => option.shape.kind.value);
    expect(kinds.filter((kind) => !made.has(kind))).toEqual([]);
  });
});

describe('what is closed', () => {
  it('is no button: a way in under repair', async () => {
    await show('welcome-troubled');
    const names = await stage.page.locator('.anj-work').getByRole('button').allInnerTexts();
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^Ketik NIK/);
  });

  it('is no button: a document that is not ready, on any page of the list', async () => {
    await show('choose-document-ugly');
    const rows = stage.page.locator('button.anj-row');
    expect(await rows.count()).toBe(2);
    await tap('Berikutnya');
    expect(await rows.count()).toBe(0);
  });

  it('is not there: back and cancel where core does not offer them', async () => {
    await show('printing-card');
    expect(await stage.page.getByRole('button').allInnerTexts()).toEqual(['Panggil petugas']);
  });
});

describe('typing a number', () => {
  it('sends a NIK once it is whole and confirmed', async () => {
    const shown = await showAnew('enter-nik');
    await typeByTaps('9912345607890001');
    expect(await choiceOf(() => tap('Lanjutkan'))).toEqual({
      viewId: shown,
      choice: { kind: 'submitNik', nik: '9912345607890001' },
    });
  });

  it('sends nothing while digits are missing, and says how many', async () => {
    await showAnew('enter-nik');
    await typeByTaps('991');
    const { choice } = await choiceOf(async () => {
      await tap('Lanjutkan');
      await stage.page.getByText('Baru 3 dari 16 angka').waitFor();
      await tap('Panggil petugas');
    });
    expect(choice).toEqual({ kind: 'callOfficer' });
  });

  it('takes back one digit or all, and no more digits than there is room for', async () => {
    await showAnew('enter-print-code');
    await typeByTaps('99');
    await tap('Hapus semua');
    await typeByTaps('123');
    await tap('Hapus satu angka');
    await typeByTaps('45678901');
    expect((await choiceOf(() => tap('Lanjutkan'))).choice).toEqual({
      kind: 'submitPrintCode',
      printCode: '12456789',
    });
  });

  it('works on a keyboard alike, and Enter confirms', async () => {
    await showAnew('enter-pin');
    const { choice } = await choiceOf(async () => {
      await stage.page.keyboard.type('1239');
      await stage.page.keyboard.press('Backspace');
      await stage.page.keyboard.type('456');
      await stage.page.keyboard.press('Enter');
    });
    expect(choice).toEqual({ kind: 'submitPin', pin: '123456' });
  });

  it('never puts a digit of a PIN into the page', async () => {
    await showAnew('enter-pin');
    await typeByTaps('7777');
    const slots = stage.page.locator('.anj-slots');
    await slots.getByText('4 dari 6 angka terisi').waitFor();
    expect(await slots.innerHTML()).not.toContain('7');
    expect(await stage.page.locator('.anj-slot--filled').count()).toBe(4);
  });

  it('never speaks a digit: what is announced is how many are there', async () => {
    await showAnew('enter-nik');
    await typeByTaps('99');
    const spoken = stage.page.locator('.anj-slots [role=status]');
    expect(await spoken.innerText()).toBe('2 dari 16 angka terisi');
    expect(await stage.page.locator('.anj-slots__group:not([aria-hidden=true])').count()).toBe(0);
  });

  it('forgets the digits with the screen', async () => {
    await showAnew('enter-pin');
    await typeByTaps('1234');
    await show('verifying');
    await show('enter-pin');
    expect(await stage.page.locator('.anj-slot--filled').count()).toBe(0);
  });

  it('keeps the digits while the same question is asked again in another language', async () => {
    await showAnew('enter-nik');
    await typeByTaps('9912');
    await show('enter-nik', { language: 'en' });
    expect(await stage.page.locator('.anj-slot--filled').count()).toBe(4);
  });
});

describe('the page', () => {
  it('starts each screen at its question and says its language', async () => {
    await show('enter-pin');
    await show('verifying', { language: 'en' });
    const heading = stage.page.getByRole('heading', { level: 1 });
    expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await stage.page.locator('html').getAttribute('lang')).toBe('en');
    expect(await stage.page.title()).toBe('Checking');
  });

  it('says SPESIMEN on every screen in specimen mode and on none in live mode', async () => {
    for (const { name, view } of sampleViews) {
      await show(name);
      const banners = await stage.page.locator('.anj-specimen').count();
      expect([name, banners]).toEqual([name, view.mode === 'specimen' ? 1 : 0]);
    }
  });

  it.each([
    ['id', 'mediaJam', /^Printer berhenti karena kertas tersangkut\n[^]*belum lengkap[^]*5 menit/],
    [
      'en',
      'coverOpen',
      /^The printer has stopped: its cover is open\n[^]*not complete[^]*5 minutes/,
    ],
    ['en', 'fault', /^There is trouble with the printer\n[^]*has not been used[^]*call an officer/],
  ] as const)(
    'says in %s while it prints why the page printer stands still: %s',
    async (language, cause, told) => {
      const problem = { code: 'paperStopped', params: { cause, waitMinutes: 5 } } as const;
      await show('printing-paper', { language, problem });
      expect(await stage.page.getByRole('alert').innerText()).toMatch(told);
      await show('printing-paper', { language });
      expect(await stage.page.getByRole('alert').count()).toBe(0);
    },
  );

  it('warns once so much of the time limit is left as core says, and not before', async () => {
    await stage.page.clock.install();
    await show('enter-pin', { timeLimit: { remainingMs: 60_000, warnAtMs: 15_000 } });
    const question = stage.page.getByRole('alertdialog', { name: 'Masih di sini?' });
    await stage.page.clock.runFor(44_000);
    expect(await question.count()).toBe(0);
    await stage.page.clock.runFor(1_500);
    expect(await question.innerText()).toContain('dalam 15 detik');
    await stage.page.clock.runFor(4_000);
    // An installed clock goes on by itself too: a busy machine may be some seconds further.
    expect(await question.innerText()).toMatch(/dalam (11|10|9|8) detik/);
  });

  it('does not warn where nothing is lost when the time ends', async () => {
    await show('goodbye', { timeLimit: { remainingMs: 5_000, warnAtMs: 15_000 } });
    await stage.page.clock.runFor(1_000);
    expect(await stage.page.getByRole('alertdialog').count()).toBe(0);
  });
});
