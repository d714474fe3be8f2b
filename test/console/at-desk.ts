import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { buildPages } from '../ui/built-pages.ts';
import { launchChromium } from '../ui/launch-chromium.ts';
import { openDesk, refusalsOf, type Desk } from './browser.ts';
import { ConsoleBench, PASSWORD } from './console-bench.ts';

/** What a test has at hand; anew for each. */
export interface AtDesk {
  browser: Browser;
  bench: ConsoleBench;
  desk: Desk;
}

/**
 * For a whole test file: one browser, and for each test a console server and a desk. A test fails after
 * which the page was refused something, wrote an error, or left words in core's log.
 */
export function deskForEachTest(): AtDesk {
  const at = {} as AtDesk;
  let built: string;
  beforeAll(async () => {
    [at.browser, built] = await Promise.all([launchChromium(), buildPages('asShipped')]);
  });
  afterAll(async () => {
    await at.browser.close();
  });
  beforeEach(async () => {
    at.bench = await ConsoleBench.open(built, Date.now() - 3_600_000);
    at.desk = await openDesk(at.browser);
  });
  afterEach(async () => {
    const { bench, desk } = at;
    const refused = await refusalsOf(desk.page).finally(async () => {
      await desk.context.close();
      await bench.close();
    });
    expect(refused).toEqual([]);
    expect(desk.errors).toEqual([]);
    expect(bench.logged).toEqual([]);
  });
  return at;
}

/** Fills the door of a page in and presses Enter; what comes of it is for the test to wait for. */
export async function signIn(
  { bench, desk: { page } }: AtDesk,
  path: string,
  name: string,
  password = PASSWORD,
): Promise<void> {
  await page.goto(`${bench.server.url}${path}`);
  await page.getByLabel('Nama').fill(name);
  await page.getByLabel('Kata sandi').fill(password);
  await page.getByLabel('Kata sandi').press('Enter');
}

export const buttonOn = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const headingOn = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name });
