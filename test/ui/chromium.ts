import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The reference panel, upright and lying. */
export const panels = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
} as const;
export type Panel = keyof typeof panels;

/** A page on a panel, without motion, with its refusals by the content policy counted from the start. */
export async function openPanel(
  browser: Browser,
  panel: Panel,
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({ viewport: panels[panel], reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const refusals: string[] = [];
    Object.assign(window, { refusals });
    document.addEventListener('securitypolicyviolation', (event) => {
      refusals.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return { context, page };
}
