import { readdir } from 'node:fs/promises';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { World } from './world.ts';

export interface PagePrinterError {
  readonly kind: 'noPagePrinter' | 'nothingThere' | 'pagePrinterFailed';
  readonly reason: string;
}

const TRAYS = {
  empty: { level1: '0', level3: '0' },
  full: { level1: '250', level3: '25' },
} as const;
/** Levels of waste box, black, cyan, magenta, yellow. */
const TONER = { out: '0', low: '5', full: '95' } as const;

export type TrayLevel = keyof typeof TRAYS;
export type TonerLevel = keyof typeof TONER;

/**
 * Hands at the page printer, which is a program of its own (ippeveprinter): its web forms stand for
 * trays and toner, the documents it kept for the sheets in its output tray.
 */
export class PagePrinterTaps {
  readonly #jobsDir: string;
  readonly #webUrl: string | null;
  readonly #world: World;

  constructor(lab: { jobsDir: string; webUrl?: string | null | undefined }, world: World) {
    this.#jobsDir = lab.jobsDir;
    this.#webUrl = lab.webUrl ?? null;
    this.#world = world;
  }

  /** Names of the documents whose sheets lie in the output tray. */
  async waiting(): Promise<string[]> {
    const names = await readdir(this.#jobsDir);
    return names.filter((name) => !this.#world.papersTaken.includes(name)).sort();
  }

  /** Both trays together: the printer calls itself out of media while one is. */
  async setTray(level: TrayLevel): Promise<Result<null, PagePrinterError>> {
    const { level1, level3 } = TRAYS[level];
    return this.#form('/media', {
      size1: 'iso_a4_210x297mm',
      type1: 'stationery',
      level1,
      size3: 'iso_dl_110x220mm',
      type3: 'envelope',
      level3,
    });
  }

  async setToner(level: TonerLevel): Promise<Result<null, PagePrinterError>> {
    const colour = TONER[level];
    const supplies = {
      supply0: '20',
      supply1: colour,
      supply2: '50',
      supply3: '50',
      supply4: '50',
    };
    return this.#form('/supplies', supplies);
  }

  async #form(
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Result<null, PagePrinterError>> {
    if (this.#webUrl === null) {
      return err({
        kind: 'noPagePrinter',
        reason: 'the lab file names no web form of the printer',
      });
    }
    const url = new URL(`${path}?${new URLSearchParams(fields).toString()}`, this.#webUrl);
    try {
      const response = await fetch(url);
      if (response.ok) return ok(null);
      return err({ kind: 'pagePrinterFailed', reason: `it answered ${response.status}` });
    } catch {
      return err({ kind: 'pagePrinterFailed', reason: 'it cannot be reached' });
    }
  }
}
