import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openPanel, type Panel } from './chromium.ts';
import { startPageServer, type PageServer } from './page-server.ts';

/** The citizen page on one panel, and a core to show it views. */
export interface Stage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly server: PageServer;
}

export async function openStage(browser: Browser, folder: string, panel: Panel): Promise<Stage> {
  const server = await startPageServer(folder);
  const { context, page } = await openPanel(browser, panel);
  await page.goto(`${server.address}/citizen/`);
  await server.connected();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return { page, context, server };
}

/** Loads the page anew without a view to show, under a clock that only jumps make quick. */
export async function leaveAlone(page: Page): Promise<void> {
  await page.clock.install();
  await page.reload();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

export async function closeStage({ context, server }: Stage): Promise<void> {
  await context.close();
  await server.close();
}
