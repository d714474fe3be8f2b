import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { specimenConfig } from '../../../scripts/stack/specimen-config.ts';
import { createPki } from '../../../src/registry/reference/pki.ts';

export const TERMINAL_ID = 'ADM-SPESIMEN-01';
export const OTHER_ID = 'ADM-SPESIMEN-02';

let made: Promise<string> | null = null;

/** RSA keys take long to find; each folder gets a copy of the ones of its test file. */
function specimenPki(): Promise<string> {
  made ??= (async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-pki-'));
    process.once('exit', () => rmSync(dir, { recursive: true }));
    await createPki(dir, [TERMINAL_ID, OTHER_ID]);
    return dir;
  })();
  return made;
}

/** A terminal's data folder with a configuration and keys as the scripts make them; nothing runs on it. */
export class TerminalFolder {
  readonly dir: string;
  readonly data: string;
  readonly pki: string;
  readonly configFile: string;

  private constructor(dir: string) {
    this.dir = dir;
    this.data = path.join(dir, 'terminal');
    this.pki = path.join(dir, 'pki');
    this.configFile = path.join(this.data, 'config/anjungan.toml');
  }

  static async make(parts: { readonly registryUrl?: string } = {}): Promise<TerminalFolder> {
    const folder = new TerminalFolder(mkdtempSync(path.join(os.tmpdir(), 'anj-cli-')));
    cpSync(await specimenPki(), folder.pki, { recursive: true });
    mkdirSync(path.dirname(folder.configFile), { recursive: true, mode: 0o700 });
    const config = specimenConfig({
      terminalId: TERMINAL_ID,
      pkiDir: folder.pki,
      registryUrl: parts.registryUrl ?? 'https://localhost:1',
      frontUrl: 'http://127.0.0.1:2',
      cabinetSocket: path.join(folder.dir, 'no-cabinet.sock'),
      scannerTty: path.join(folder.dir, 'no-scanner'),
      pcsc: {
        csockName: path.join(folder.dir, 'no-pcscd.comm'),
        cardReaderName: 'Virtual PCD 00 00',
        samReaderName: 'Virtual PCD 00 01',
      },
      pagePrinterUri: 'ipp://127.0.0.1:3/ipp/print',
    });
    writeFileSync(folder.configFile, config);
    return folder;
  }

  /** Changes the configuration; throws where there is nothing to change. */
  edit(from: string, to: string): void {
    const toml = readFileSync(this.configFile, 'utf8');
    if (!toml.includes(from)) throw new Error(`the configuration has no ${from}`);
    writeFileSync(this.configFile, toml.replaceAll(from, to));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}
