import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configErrorLines, loadConfig } from '../../src/core/config/load.ts';
import { configKeys } from '../../scripts/docs/config-keys.ts';
import { specimenConfig } from '../../scripts/stack/specimen-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const good = specimenConfig({
  terminalId: 'ADM-SPESIMEN-01',
  pkiDir: '/pki',
  registryUrl: 'https://localhost:1',
  frontUrl: 'http://127.0.0.1:2',
  cabinetSocket: '/run/cabinet.sock',
  scannerTty: '/dev/scanner',
  pcsc: { csockName: '/run/pcscd.comm', cardReaderName: 'Virtual PCD 00 00', samReaderName: 'B' },
  pagePrinterUri: 'ipp://127.0.0.1:3/ipp/print',
});

function linesOf(toml: string): string[] {
  const file = path.join(folder, 'anjungan.toml');
  writeFileSync(file, toml);
  const loaded = loadConfig(file);
  return loaded.ok ? [] : configErrorLines(loaded.error);
}

describe('the list of the keys of a configuration', () => {
  it('says of each what it means and what it takes', () => {
    const keys = configKeys();
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter(({ says }) => !/^\S.*\.$/.test(says))).toEqual([]);
    expect(keys.filter(({ takes }) => takes === '')).toEqual([]);
  });

  it('tells a list of words from a list of tables, and what may be left out by what it is', () => {
    const takes = new Map(configKeys().map((one) => [one.key, one.takes]));
    expect(takes.get('stock.scarce')).toBe('list of tables');
    expect(takes.get('stock.scarce[].serve')).toMatch(/^list of `first`, `lost`,/);
    expect(takes.get('alsoOnUsb[].vendorId')).toBe('0 to 65535');
  });
});

describe('a configuration', () => {
  it('as the scripts write it is taken, with its digest and its paths', () => {
    const file = path.join(folder, 'anjungan.toml');
    writeFileSync(file, good);
    const loaded = loadConfig(file);
    expect(loaded.ok && loaded.value.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.ok && loaded.value.resolve('a/b.pem')).toBe(path.join(folder, 'a/b.pem'));
    expect(readFileSync(file, 'utf8')).toBe(good);
  });

  it('with a misspelt key is refused by name, and the near one is offered', () => {
    const lines = linesOf(good.replace('heartbeatSeconds', 'heartbeatSecond'));
    expect(lines).toEqual([
      expect.stringContaining(
        'registry.heartbeatSecond: there is no such key; did you mean "heartbeatSeconds"?',
      ),
    ]);
  });

  it.each([
    ['console.prot', 'port', (toml: string) => `${toml}\n[console]\nprot = 8080\n`],
    ['preview.enable', 'enabled', (toml: string) => toml.replace('enabled =', 'enable =')],
    ['feeders.0.blankkind', 'blankKind', (toml: string) => toml.replace('blankKind', 'blankkind')],
    [
      'devices.0.environment.PCSCLITE_CSOCK_NAM',
      'PCSCLITE_CSOCK_NAME',
      (toml: string) => toml.replace('PCSCLITE_CSOCK_NAME', 'PCSCLITE_CSOCK_NAM'),
    ],
    ['retention.logDay', 'logDays', (toml: string) => `${toml}\n[retention]\nlogDay = 1\n`],
  ])('with %s is offered %s, which may stand there', (key, near, spoil) => {
    expect(linesOf(spoil(good))).toContainEqual(
      expect.stringContaining(`: ${key}: there is no such key; did you mean "${near}"?`),
    );
  });

  it('is offered no key of another table, and none that has little in common', () => {
    expect(linesOf(`heartbeatSecond = 5\n${good}`)).toEqual([
      expect.stringMatching(/: heartbeatSecond: there is no such key$/),
    ]);
    const short = good.replace('id = "ADM-SPESIMEN-01"', 'id = "ADM-SPESIMEN-01"\nxy = 1');
    expect(linesOf(short)).toEqual([expect.stringMatching(/terminal\.xy: there is no such key$/)]);
  });

  const osia = `
[registry.osia]
dataAccessUrl = "https://pr.contoh:8443"
tokenUrl = "https://token.contoh/oauth2/token"
exclusivity = "ifMatch"
`;

  it('for a registry that speaks OSIA is taken', () => {
    expect(linesOf(`${good}${osia}`)).toEqual([]);
  });

  it.each([
    ['dataAccessUrl', ':8443', ':8443/v1', 'is https://host:port and nothing more'],
    ['tokenUrl', '/oauth2/token', '/token?x=1', 'is https://host:port/path and nothing more'],
    ['tokenUrl', 'https://token', 'http://token', 'Invalid URL'],
    ['exclusivity', 'ifMatch', 'none', 'Invalid option: expected one of "ifMatch"|"preAssigned"'],
    ['exclusivity', 'exclusivity = "ifMatch"', '', 'Invalid option'],
    ['tokenUri', 'tokenUrl', 'tokenUri', 'there is no such key; did you mean "tokenUrl"?'],
  ])('for OSIA with a wrong %s (%s) is refused in its own sentence', (key, from, to, says) => {
    expect(linesOf(`${good}${osia.replace(from, to)}`)).toContainEqual(
      expect.stringContaining(`registry.osia.${key}: ${says}`),
    );
  });

  it.each([
    ['another mode', (toml: string) => toml.replace('mode = "specimen"', 'mode = "test"'), 'mode'],
    ['plain http', (toml: string) => toml.replace('https://', 'http://'), 'registry.url'],
    [
      'a path behind the registry’s address',
      (toml: string) => toml.replace('https://localhost:1', 'https://localhost:1/v1'),
      'registry.url: is https://host:port and nothing more',
    ],
    [
      'one name for two feeders',
      (toml: string) => toml.replace('name = "kia"', 'name = "ktp"'),
      'feeders.1.name: is used twice',
    ],
    [
      'a device in a role of another class',
      (toml: string) => toml.replace('class = "pagePrinter"', 'class = "cardPrinter"'),
      'devices.3.class: a pagePrinter is a pagePrinter',
    ],
    [
      'one name for two devices',
      (toml: string) => toml.replace('name = "card-printer"', 'name = "page-printer"'),
      'devices.4.name: is used twice',
    ],
  ])('with %s is refused, with its place', (_, spoil, place) => {
    expect(linesOf(spoil(good)).join('\n')).toContain(place);
  });

  it('for live mode is refused: nothing here can enrol a terminal', () => {
    const lines = linesOf(good.replace('mode = "specimen"', 'mode = "live"'));
    expect(lines).toEqual([
      expect.stringContaining('mode: this version has no enrolment: it prints specimens only'),
    ]);
  });

  it('that is no TOML is refused with line and column', () => {
    expect(linesOf('mode = "specimen"\nterminal = = 1')[0]).toMatch(/line 2, column \d+/);
  });

  it('that is not there is said to be missing', () => {
    const missing = loadConfig(path.join(folder, 'none.toml'));
    expect(missing).toMatchObject({ ok: false, error: { kind: 'missing' } });
  });
});
