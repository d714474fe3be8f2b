import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './launch-chromium.ts';
import { contrast, contrastFaults, contrastRules } from './contrast-gate.ts';

const ui = join(import.meta.dirname, '../../src/ui');
const tokens = join(ui, 'kit/tokens');
const brands = join(import.meta.dirname, 'brands');
const css = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

/** A browser on a busy machine; a page that hangs still ends the test. */
jest.setTimeout(240_000);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  const sheets = [
    ...['ramps.css', 'roles.css', 'brand-neutral.css'].map((file) => css(tokens, file)),
    ...readdirSync(brands).map((file) => css(brands, file)),
  ];
  await page.setContent(`<style>${sheets.join('\n')}</style>`);
});

afterAll(async () => {
  await browser.close();
});

/** The colours that a browser computes for a brand and a theme. */
function coloursOf(brand: string, theme: string): Promise<Record<string, string>> {
  const roles = [...new Set(contrastRules.flatMap(({ front, back }) => [front, back]))];
  return page.evaluate(
    ([brandName, themeName, names]) => {
      const root = document.documentElement;
      root.dataset['brand'] = brandName;
      root.dataset['theme'] = themeName;
      const style = getComputedStyle(root);
      return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()]));
    },
    [brand, theme, roles] as const,
  );
}

describe('the contrast gate', () => {
  it('computes ratios as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#737373', '#ffffff')).toBeCloseTo(4.74, 2);
  });

  it.each(
    ['neutral', 'inagov', 'panrb'].flatMap((brand) => [
      [brand, 'light'],
      [brand, 'dark'],
    ]),
  )('lets the brand %s pass in the %s theme', async (brand, theme) => {
    expect(contrastFaults(await coloursOf(brand, theme))).toEqual([]);
  });

  it('refuses a brand whose button and header cannot be read, by role and ratio', async () => {
    const faults = contrastFaults(await coloursOf('faint', 'light'));
    expect(faults).toContain('--ina-content-on-primary on --ina-background-brand: 1.75 < 4.5');
    expect(faults).toContain('--anj-header-content on --anj-header-background: 1.75 < 4.5');
  });

  it('refuses a role that a brand file leaves out', () => {
    expect(() => contrastFaults({ '--ina-content-primary': '#000000' })).toThrow(
      /not a plain colour/,
    );
  });
});

describe('the style sheets', () => {
  const sheets = ['kit', 'citizen'].flatMap((folder) =>
    readdirSync(join(ui, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.css') && !file.startsWith('tokens'))
      .map((file) => [join(folder, file), css(join(ui, folder), file)] as const),
  );

  it.each(sheets)('%s names roles, never a step of a ramp or a colour of its own', (_, sheet) => {
    expect(sheet.match(/--ina-(primary|neutral|guide|positive|warning|negative)-\d+/g)).toBeNull();
    expect(sheet.match(/#[0-9a-f]{3,8}\b/gi)).toBeNull();
    expect(sheet).not.toContain('!important');
  });
});
