/** Saves a picture of every sample screen: `node test/ui/render-screens.ts [language] [part of a name]`. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { languageSchema } from '../../src/rpc/citizen-view.ts';
import { openPanel, panels, type Panel } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { startPageServer } from './page-server.ts';
import { problemViews } from './sample-problems.ts';
import { viewAs } from './sample-view.ts';
import { sampleViews } from './sample-views.ts';

const root = join(import.meta.dirname, '../..');
const language = languageSchema.parse(process.argv[2] ?? 'id');
const wanted = process.argv[3] ?? '';
const folder = join(root, 'out/screens');
if (wanted === '') rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const server = await startPageServer(join(root, 'dist/ui'));
const browser = await launchChromium();
let viewId = 0;
for (const panel of Object.keys(panels) as Panel[]) {
  const { context, page } = await openPanel(browser, panel);
  await page.goto(`${server.address}/citizen/`);
  await server.connected();
  for (const sample of [...sampleViews, ...problemViews].filter(({ name }) =>
    name.includes(wanted),
  )) {
    viewId += 1;
    await server.show(viewAs(sample, { language, viewId }));
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${sample.name}-${panel}-${language}.png`) });
  }
  await context.close();
}
await browser.close();
await server.close();
console.log(`${viewId} pictures in ${folder}`);
