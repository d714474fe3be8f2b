import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import * as z from 'zod';

/** A desk's screen. */
const DESK = { width: 1440, height: 900 };
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const REFRESH_MS = 5_000;
const strings = z.array(z.string());

export interface Desk {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors that the page threw or wrote to its console. */
  readonly errors: string[];
}

/** A browser of its own cookies at a desk, its refusals by the content policy counted from the start. */
export async function openDesk(
  browser: Browser,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Desk> {
  const context = await browser.newContext({
    viewport: DESK,
    reducedMotion: 'reduce',
    colorScheme,
    timezoneId: 'Asia/Jakarta',
  });
  // A browser on a busy machine; what hangs still ends the test.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  // Run in the page; written as text because these tests know no DOM.
  await page.addInitScript(`
    window.refusals = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
      window.refusals.push([effectiveDirective, blockedURI, sample].join(' ')));`);
  return { context, page, errors };
}

/** Lets the time come at which the technician's page asks again; the page's clock is installed. */
export const nextRefresh = (page: Page): Promise<void> => page.clock.fastForward(REFRESH_MS);

/** What the content policy refused since it was last asked. */
export const refusalsOf = async (page: Page): Promise<string[]> =>
  strings.parse(await page.evaluate('window.refusals.splice(0)'));

/** What axe finds, rule by rule, with the elements it means. */
export async function axeFaults(page: Page): Promise<string[]> {
  // It stays until the page is loaded anew.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axeSource);
  return strings.parse(
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))`),
  );
}

/** What cannot be read as meant: a key without a sentence, text cut off, a page wider than its window. */
export async function readingFaults(page: Page): Promise<string[]> {
  return strings.parse(
    await page.evaluate(`(() => {
      const faults = [];
      const { scrollWidth } = document.documentElement;
      if (scrollWidth > innerWidth) faults.push('the page is ' + scrollWidth + ' wide');
      for (const key of document.body.innerText.match(/\\{\\{.*?\\}\\}|\\b[a-z][A-Za-z]+\\.[a-z][A-Za-z.]+\\b/g) ?? []) {
        faults.push('unsaid: ' + key);
      }
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const parent = node.parentElement;
        const words = node.data.trim();
        if (words === '' || !parent.checkVisibility() || parent.closest('.anj-unseen')) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < 14) faults.push('"' + words.slice(0, 40) + '" is only ' + size + ' px');
        if (parent.closest('.con-scroll') !== null) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
          if (box.right > innerWidth + 1 || box.left < -1) faults.push('"' + words.slice(0, 40) + '" leaves the page');
        }
      }
      return faults;
    })()`),
  );
}

/** All of it together; a sound page has none. */
export const faultsOf = async (page: Page): Promise<string[]> => [
  ...(await readingFaults(page)),
  ...(await refusalsOf(page)),
  ...(await axeFaults(page)),
];
