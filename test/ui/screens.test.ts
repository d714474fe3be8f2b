import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { languageSchema, screenSchema, type Language } from '../../src/rpc/citizen-view.ts';
import { buildPages } from './built-pages.ts';
import { panels, type Panel } from './chromium.ts';
import { launchChromium } from './launch-chromium.ts';
import { measureFaults } from './measure.ts';
import { problemViews } from './sample-problems.ts';
import { viewAs, type SampleView } from './sample-view.ts';
import { sampleViews } from './sample-views.ts';
import { closeStage, leaveAlone, openStage, type Stage } from './stage.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
const everySample = [...sampleViews, ...problemViews];
/** Views that differ from another one by a sentence alone give axe nothing new to look at. */
const differentInKind = sampleViews.filter(
  ({ name }) =>
    !/^(out-of-service|satisfaction)-/.test(name) || /-(maintenance|persyaratan)$/.test(name),
);

const axeLanguages: Readonly<Record<Panel, Language>> = { portrait: 'id', landscape: 'en' };

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

let browser: Browser;
let shipped: string;
let pseudo: string;

beforeAll(async () => {
  [browser, shipped, pseudo] = await Promise.all([
    launchChromium(),
    buildPages('asShipped'),
    buildPages('pseudo'),
  ]);
});

afterAll(async () => {
  await browser.close();
});

/** Every sample in turn, and what is wrong with each, by its name. */
async function faultsOf(
  stage: Stage,
  samples: readonly SampleView[],
  language: Language,
  look: (page: Page) => Promise<readonly string[]>,
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [index, sample] of samples.entries()) {
    await stage.server.show(viewAs(sample, { language, viewId: index + 1 }));
    const faults = await look(stage.page);
    if (faults.length > 0) found[sample.name] = faults;
  }
  return found;
}

const refusalsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { refusals } = window as unknown as { refusals: string[] };
    return refusals.splice(0);
  });

const unfilledPlaces = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => document.body.innerText.match(/\{\{.*?\}\}|\b[a-z]\w+(\.\w+)+\b/g) ?? []);

/**
 * What axe finds, rule by rule, with the elements it means; it is in the page already. Its own work is not
 * held against the page.
 */
const axeFaults = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
    );
  });

describe('the samples', () => {
  it('are shown to axe in every language', () => {
    expect(Object.values(axeLanguages).sort()).toEqual([...languageSchema.options].sort());
  });

  it('show every screen that core can ask for', () => {
    const names = screenSchema.options.map((option) => option.shape.name.value);
    const shown = new Set(sampleViews.map(({ view }) => view.screen.name));
    expect(names.filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe.each(Object.keys(panels) as Panel[])('the citizen screens on a %s panel', (panel) => {
  it.each(languageSchema.options)(
    'fit whole, can be touched, and ask for nothing that the content policy refuses, in %s',
    async (language) => {
      const stage = await openStage(browser, shipped, panel);
      const found = await faultsOf(stage, everySample, language, async (page) => [
        ...(await page.evaluate(measureFaults)),
        ...(await unfilledPlaces(page)),
        ...(await refusalsOf(page)),
      ]);
      await closeStage(stage);
      expect(found).toEqual({});
    },
  );

  it('still fit where every sentence is 40 % longer', async () => {
    const stage = await openStage(browser, pseudo, panel);
    const found = await faultsOf(stage, everySample, 'id', (page) => page.evaluate(measureFaults));
    await closeStage(stage);
    expect(found).toEqual({});
  });

  it('fit and leave axe nothing to report while core is away, however long', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const folder of [shipped, pseudo]) {
      const stage = await openStage(browser, folder, panel);
      const { page } = stage;
      await leaveAlone(page);
      await page.evaluate(axeSource);
      for (const waitedMs of [0, 65_000]) {
        await page.clock.runFor(waitedMs);
        await page.getByText(waitedMs === 0 ? 'connecting' : 'out of service').waitFor();
        const faults = [...(await page.evaluate(measureFaults)), ...(await axeFaults(page))];
        if (faults.length > 0) found[`${folder} after ${waitedMs} ms`] = faults;
      }
      await closeStage(stage);
    }
    expect(found).toEqual({});
  });

  // What axe looks at is structure and colour, and whether there are words: each language on one panel.
  const language = axeLanguages[panel];
  it(`leave axe nothing to report in ${language}`, async () => {
    const stage = await openStage(browser, shipped, panel);
    await stage.page.evaluate(axeSource);
    const found = await faultsOf(stage, differentInKind, language, axeFaults);
    await closeStage(stage);
    expect(found).toEqual({});
  });
});

describe('the measure', () => {
  it('sees text cut off, text overlapping, a small target and a scrolling page', async () => {
    const page = await browser.newPage({ viewport: panels.portrait });
    await page.setContent(`
      <div style="width:60px;overflow:hidden;white-space:nowrap;font-size:24px">A long sentence</div>
      <p style="position:absolute;top:200px;left:0;font-size:24px">One text</p>
      <p style="position:absolute;top:204px;left:0;font-size:24px">Two texts</p>
      <button style="width:30px;height:30px;font-size:24px">x</button>
      <p style="font-size:12px">small</p><div style="height:3000px"></div>`);
    const faults = (await page.evaluate(measureFaults)).join('\n');
    expect(faults).toMatch(/"A long sentence" is cut off/);
    expect(faults).toMatch(/"One text" and "Two texts" overlap/);
    expect(faults).toMatch(/the target "x" is 30 × 30/);
    expect(faults).toMatch(/"small" is only 12 px/);
    expect(faults).toMatch(/the page is/);
    await page.close();
  });

  it('counts what the content policy refuses', async () => {
    const stage = await openStage(browser, shipped, 'portrait');
    await stage.page.evaluate(() => {
      document.head.append(document.createElement('style'));
      document.querySelector('style')?.append('body{}');
    });
    expect((await refusalsOf(stage.page)).join()).toMatch(/style-src/);
    await closeStage(stage);
  });
});
