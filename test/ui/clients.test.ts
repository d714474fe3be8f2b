import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import * as z from 'zod';
import { citizenToCoreSchema, type CitizenToCore } from '../../src/rpc/citizen.ts';
import { buildPages } from './built-pages.ts';
import { openPanel } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { startPageServer } from './page-server.ts';
import { sampleViews } from './sample-views.ts';
import { closeStage, openStage, type Stage } from './stage.ts';

const AWAY = 'Sebentar, layar sedang menyambung';
const OUT_OF_SERVICE = 'Anjungan tidak melayani, silakan temui petugas';
/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

let browser: Browser;
let folder: string;

const present = sampleViews.find(({ name }) => name === 'present-card')?.view;
if (present === undefined) throw new Error('the sample is there');

beforeAll(async () => {
  [browser, folder] = await Promise.all([launchChromium(), buildPages('asShipped')]);
});

afterAll(async () => {
  await browser.close();
});

const titleIs = (page: Page, title: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: title }).waitFor();

describe('the preview over a WebSocket', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage(browser, folder, 'portrait');
  });
  afterEach(async () => {
    await closeStage(stage);
  });

  it('says that it is connecting, and offers nothing, before the first view', async () => {
    await titleIs(stage.page, AWAY);
    expect(await stage.page.getByRole('button').count()).toBe(0);
  });

  it('takes down the screen when core goes away, and shows the next view after reconnecting', async () => {
    const { server, page } = stage;
    await server.show(present);
    await titleIs(page, 'Tempelkan KTP-el Anda');
    server.hangUp();
    await titleIs(page, AWAY);
    await server.connected();
    await server.show({ ...present, viewId: 8 });
    await titleIs(page, 'Tempelkan KTP-el Anda');
  });

  it('sends people to a person, in both languages, once core is away for longer than a start takes', async () => {
    const { server, page } = stage;
    await server.show({ ...present, language: 'en' });
    await page.clock.install();
    server.hangUp();
    await titleIs(page, AWAY);
    const inLanguage = (language: string) =>
      page.locator(`.anj-lead [lang=${language}]`).innerText();
    expect(await inLanguage('en')).toMatch(/^One moment, the screen is connecting\n/);
    expect(await page.locator('html').getAttribute('lang')).toBe('id');
    await page.clock.runFor(50_000);
    await titleIs(page, AWAY);
    await page.clock.runFor(15_000);
    await titleIs(page, OUT_OF_SERVICE);
    expect(await inLanguage('id')).toMatch(/temui petugas\n[^]*mesin tidak menjawab/);
    expect(await inLanguage('en')).toMatch(/see an officer\n[^]*machine has not answered/);
    expect(await page.locator('main').innerText()).not.toMatch(/beberapa detik|few seconds/);
    await server.connected();
    await server.show({ ...present, viewId: 8 });
    await titleIs(page, 'Tempelkan KTP-el Anda');
    server.hangUp();
    await titleIs(page, AWAY);
  });

  it.each([
    ['no JSON at all', '{"type":"view"'],
    ['a frame of another kind', '{"type":"reload"}'],
    [
      'a view with a field nobody agreed on',
      JSON.stringify({ type: 'view', view: { ...present, nik: '99' } }),
    ],
    [
      'a screen that does not exist',
      JSON.stringify({ type: 'view', view: { ...present, screen: { name: 'admin' } } }),
    ],
  ])('treats %s as no core', async (_, text) => {
    const { server, page } = stage;
    await server.show(present);
    server.sendRaw(text);
    await titleIs(page, AWAY);
  });
});

describe("the shell's bridge", () => {
  const sentSchema = z.array(citizenToCoreSchema);
  let page: Page;
  let close: () => Promise<void>;

  beforeEach(async () => {
    const server = await startPageServer(folder);
    const opened = await openPanel(browser, 'portrait');
    page = opened.page;
    close = async () => {
      await opened.context.close();
      await server.close();
    };
    await page.addInitScript(() => {
      const sent: unknown[] = [];
      Object.assign(window, {
        sent,
        anjungan: {
          subscribe: (listener: (frame: unknown) => void) => Object.assign(window, { listener }),
          send: (frame: unknown) => sent.push(frame),
        },
      });
    });
    await page.goto(`${server.address}/citizen/`);
    await titleIs(page, AWAY);
  });
  afterEach(async () => {
    await close();
  });

  const deliver = (frame: unknown): Promise<void> =>
    page.evaluate((received) => {
      const { listener } = window as unknown as { listener: (frame: unknown) => void };
      listener(received);
    }, frame);
  const sent = async (): Promise<readonly CitizenToCore[]> =>
    sentSchema.parse(await page.evaluate(() => (window as unknown as { sent: unknown[] }).sent));

  it('carries views in, and what was painted and chosen out', async () => {
    await deliver({ type: 'view', view: present });
    await page.waitForFunction(() => (window as unknown as { sent: unknown[] }).sent.length === 1);
    await page.getByRole('button', { name: 'Batalkan' }).click();
    expect(await sent()).toEqual([
      { type: 'shown', viewId: 7 },
      { type: 'choice', viewId: 7, choice: { kind: 'cancel' } },
    ]);
  });

  it.each([
    ['the shell says that core is away', { type: 'away' }],
    ['a frame breaks the protocol', { type: 'view', view: { viewId: 'x' } }],
  ])('takes down the screen when %s', async (_, frame) => {
    await deliver({ type: 'view', view: present });
    await titleIs(page, 'Tempelkan KTP-el Anda');
    await deliver(frame);
    await titleIs(page, AWAY);
  });
});
