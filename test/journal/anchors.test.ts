import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readAnchors } from '../../src/journal/verify/anchors.ts';
import type { JournalHead } from '../../src/registry/ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'anjungan-anchors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const headOf = (size: number): JournalHead => ({
  terminalId: 'ADM-9901-01',
  size,
  head: 'ab'.repeat(32),
  at: 1,
  algorithm: 'ed25519',
  signature: 'AA==',
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const noNetwork = (): Promise<unknown> => Promise.reject(new Error('no network was expected'));

describe('anchors', () => {
  it('are read from a file, as a list or as a page of the registry', async () => {
    const heads = [headOf(1), headOf(2)];
    const list = file('list.json', JSON.stringify(heads));
    const page = file('page.json', JSON.stringify({ terminalId: 'x', heads, more: false }));
    expect(await readAnchors(list, noNetwork)).toEqual({ ok: true, value: heads });
    expect(await readAnchors(page, noNetwork)).toEqual({ ok: true, value: heads });
  });

  it('are read from a URL page by page', async () => {
    const asked: string[] = [];
    const pages = new Map<string | null, unknown>([
      ['0', { heads: [headOf(3), headOf(9)], more: true }],
      ['9', { heads: [headOf(12)], more: false }],
    ]);
    const read = await readAnchors('https://keeper.test/heads', (url) => {
      asked.push(url);
      return Promise.resolve(pages.get(new URL(url).searchParams.get('afterSize')));
    });
    expect(read).toEqual({ ok: true, value: [headOf(3), headOf(9), headOf(12)] });
    expect(asked).toEqual([
      'https://keeper.test/heads?afterSize=0',
      'https://keeper.test/heads?afterSize=9',
    ]);
  });

  it('that are no anchors, or not there, are said to be so', async () => {
    const notJson = file('text.json', 'a text');
    const other = file('other.json', JSON.stringify({ heads: [{ size: 1 }] }));
    for (const source of [notJson, other]) {
      expect(await readAnchors(source, noNetwork)).toEqual({
        ok: false,
        error: { kind: 'notAnchors' },
      });
    }
    for (const source of [join(folder, 'none.json'), 'https://keeper.test/heads']) {
      expect(await readAnchors(source, noNetwork)).toMatchObject({
        error: { kind: 'unreachable' },
      });
    }
  });
});
