/** Saves a picture of every sample screen, and of those without core: `node test/ui/render-screens.ts [language] [part of a name]`. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { languageSchema } from '../../src/rpc/citizen-view.ts';
import { panels, type Panel } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { problemViews } from './sample-problems.ts';
import { viewAs } from './sample-view.ts';
import { sampleViews } from './sample-views.ts';
import { closeStage, leaveAlone, openStage } from './stage.ts';

const root = join(import.meta.dirname, '../..');
const language = languageSchema.parse(process.argv[2] ?? 'id');
const wanted = process.argv[3] ?? '';
const folder = join(root, 'out/screens');
if (wanted === '') rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const browser = await launchChromium();
let viewId = 0;
let pictures = 0;
for (const panel of Object.keys(panels) as Panel[]) {
  const stage = await openStage(browser, join(root, 'dist/ui'), panel);
  const { page, server } = stage;
  const save = async (name: string): Promise<void> => {
    pictures += 1;
    await page.screenshot({ path: join(folder, `${name}-${panel}-${language}.png`) });
  };
  for (const sample of [...sampleViews, ...problemViews].filter(({ name }) =>
    name.includes(wanted),
  )) {
    viewId += 1;
    await server.show(viewAs(sample, { language, viewId }));
    await page.evaluate(() => document.fonts.ready);
    await save(sample.name);
  }
  if ('away-for-long'.includes(wanted)) {
    await leaveAlone(page);
    await save('away');
    await page.clock.runFor(65_000);
    await save('away-for-long');
  }
  await closeStage(stage);
}
await browser.close();
console.log(`${pictures} pictures in ${folder}`);
