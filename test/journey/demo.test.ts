import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { StartedScript } from './support/started-script.ts';

jest.setTimeout(180_000);

let out: string;
let demo: StartedScript;
let status: number | null;

beforeAll(async () => {
  out = mkdtempSync(path.join(os.tmpdir(), 'anj-out-'));
  demo = new StartedScript('demo', ['--out', out]);
  status = await demo.ended;
});
afterAll(() => {
  demo.kill();
  rmSync(out, { recursive: true });
});

const lines = (): string[] => demo.stdout.split('\n');

describe('the demo', () => {
  it('ends with 0 and complains of nothing', () => {
    expect(demo.stderr).toBe('');
    expect(status).toBe(0);
  });

  it('tells of each part that it starts and each citizen that it serves', () => {
    expect(lines().slice(0, 40)).toEqual(
      expect.arrayContaining([
        '  start: simulated cabinet',
        '  start: reference registry',
        '  start: core and its device hosts',
        'KTP-el, lost: scanned code and print code',
        expect.stringMatching(/^ {2}a card jams/),
        'KTP-el, damaged: e-KTP and PIN, old card surrendered',
        '  the old card goes from the reader into the slot',
        'KK: e-KTP and PIN',
        '  the sheets are out: the citizen takes them',
        'KIA: the mother’s NIK and PIN',
      ]),
    );
    expect(lines().filter((line) => line === '  handed over')).toHaveLength(4);
  });

  it('lists four documents delivered, and the blank that the jam spoiled', () => {
    const from = lines().findIndex((line) => line.startsWith('document '));
    const rows = lines().slice(from + 1, lines().indexOf('', from));
    expect(rows).toEqual([
      expect.stringMatching(/^ktpEl +\S+ +spoiled +\w+ +SPKTP\d{5} +–$/),
      expect.stringMatching(/^KTP-el, lost +\S+ +delivered +sensorSaw +SPKTP\d{5} +[\d.]+ s$/),
      expect.stringMatching(/^KTP-el, replaced +\S+ +delivered +sensorSaw +SPKTP\d{5} +[\d.]+ s$/),
      expect.stringMatching(/^KK of \d+ +\S+ +delivered +\w+ +– +[\d.]+ s$/),
      expect.stringMatching(/^KIA, 5 to 17 +\S+ +delivered +sensorSaw +SPKIA\d{5} +[\d.]+ s$/),
    ]);
  });

  it('calls no device real', () => {
    const [, real = '', simulated = ''] = /^real: (.*); simulated: (.*)$/m.exec(demo.stdout) ?? [];
    for (const name of [
      'tap-reader',
      'old-card-slot',
      'code-scanner',
      'page-printer',
      'card-printer',
    ]) {
      expect(real).not.toMatch(new RegExp(`(^|, )${name} `));
      expect(simulated).toMatch(new RegExp(`(^|, )${name} \\(`));
    }
    expect(real).toContain('driver serial-code-scanner over a pseudo-terminal');
    expect(real).toContain('registry over mutual TLS');
    expect(simulated).toContain('hands at the cabinet');
  });

  it('shows two verifiers that call the record valid by the heads of the registry', () => {
    expect(demo.stdout).toMatch(
      /^anjungan journal verify: VALID: .*; anchored through row \d+\.$/m,
    );
    expect(demo.stdout).toMatch(/^independent verifier: valid: .*, anchored to row \d+$/m);
  });

  it('leaves what it promises', () => {
    const kept = (name: string): string[] => readdirSync(path.join(out, name)).sort();
    expect(kept('cards')).toEqual([
      expect.stringMatching(/^SPKIA\d{5}-front\.png$/),
      expect.stringMatching(/^SPKTP\d{5}-front\.png$/),
      expect.stringMatching(/^SPKTP\d{5}-front\.png$/),
    ]);
    expect(kept('page-printer')).toEqual([expect.stringMatching(/\.pdf$/)]);
    const empty = [
      ...kept('cards').map((card) => `cards/${card}`),
      ...kept('page-printer').map((page) => `page-printer/${page}`),
      'cabinet-record.jsonl',
      'journal/journal.db',
      'journal/keys/journal.pub.pem',
      'anchors.json',
      'verdicts.txt',
    ].filter((name) => statSync(path.join(out, name)).size === 0);
    expect(empty).toEqual([]);
  });
});

describe('a demo that is to leave what it makes in a folder that holds something', () => {
  it('refuses, and leaves alone what is there', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'anj-out-'));
    writeFileSync(path.join(folder, 'mine'), 'mine');
    const refused = new StartedScript('demo', ['--out', folder]);
    expect(await refused.ended).toBe(64);
    expect(refused.stderr).toContain(`${folder} holds something already.`);
    expect(readFileSync(path.join(folder, 'mine'), 'utf8')).toBe('mine');
    rmSync(folder, { recursive: true });
  });
});
