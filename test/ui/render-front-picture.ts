/** Makes assets/pictures/citizen-screens.jpg of the front page anew from `dist/ui`: `node test/ui/render-front-picture.ts`. */
import { join } from 'node:path';
import { openPanel, panels } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { startPageServer } from './page-server.ts';
import { viewAs } from './sample-view.ts';
import { sampleViews } from './sample-views.ts';

const root = join(import.meta.dirname, '../..');
const screens = ['welcome', 'enter-pin', 'choose-document', 'printing-card', 'take-card'];
const WIDTH_PX = 315;
const HEIGHT_PX = (WIDTH_PX * panels.portrait.height) / panels.portrait.width;
const GAP_PX = 14;

const server = await startPageServer(join(root, 'dist/ui'));
const browser = await launchChromium();
const { page } = await openPanel(browser, 'portrait');
await page.goto(`${server.address}/citizen/`);
await server.connected();
const pictures: string[] = [];
for (const [index, name] of screens.entries()) {
  const sample = sampleViews.find((one) => one.name === name);
  if (sample === undefined) throw new Error(`there is no sample ${name}`);
  await server.show(viewAs(sample, { language: 'id', viewId: index + 1 }));
  await page.evaluate(() => document.fonts.ready);
  pictures.push((await page.screenshot()).toString('base64'));
}

const width = screens.length * (WIDTH_PX + GAP_PX) + GAP_PX;
const height = HEIGHT_PX + 2 * GAP_PX;
const sheet = await browser.newPage({ viewport: { width, height } });
const images = pictures.map(
  (png) =>
    `<img width="${WIDTH_PX}" height="${HEIGHT_PX}" src="data:image/png;base64,${png}" alt="">`,
);
await sheet.setContent(
  `<body style="margin:0;padding:${GAP_PX}px;box-sizing:border-box;display:flex;gap:${GAP_PX}px;background:#e8e8e5">${images.join('')}`,
);
await sheet.screenshot({
  path: join(root, 'assets/pictures/citizen-screens.jpg'),
  type: 'jpeg',
  quality: 85,
});
await browser.close();
await server.close();
