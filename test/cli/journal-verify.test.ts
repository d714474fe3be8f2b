import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  startReferenceRegistry,
  type RunningRegistry,
} from '../../src/registry/reference/start.ts';
import { systemClock } from '../../src/base/clock.ts';
import { openRecord } from '../../src/core/foundation.ts';
import { createHttpRegistry } from '../../src/registry/http/http-registry.ts';
import { pkiPaths, terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import type { JournalHead } from '../../src/registry/ports.ts';
import { decidedFields, storeStaffNote } from '../../src/journal/staff-note.ts';
import { started, touched } from '../journal/fixture.ts';
import { anjungan } from './support/run.ts';
import { OTHER_ID, TERMINAL_ID, TerminalFolder } from './support/terminal-folder.ts';

jest.setTimeout(60_000);

let folder: TerminalFolder;
let registry: RunningRegistry;
let headsUrl: string;
let head: JournalHead | null;

const pem = (...files: string[]): string =>
  files.map((file) => readFileSync(file, 'utf8')).join('');

/** A record of two rows whose head the reference registry keeps. */
beforeAll(async () => {
  folder = await TerminalFolder.make();
  registry = await startReferenceRegistry({
    dataDir: path.join(folder.dir, 'registry'),
    pkiDir: folder.pki,
    port: 0,
    frontPort: 0,
  });
  folder.edit('https://localhost:1', registry.terminalApiUrl);
  headsUrl = `${registry.terminalApiUrl}/v1/terminals/${TERMINAL_ID}/heads`;
  const opened = openRecord(folder.data, {
    reserveBytes: 0,
    terminalId: TERMINAL_ID,
    clock: systemClock,
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  await opened.value.journal.append({ events: [started, touched()] });
  head = await opened.value.journal.checkpoint();
  opened.value.folder.close();
  const terminal = createHttpRegistry({
    baseUrl: registry.terminalApiUrl,
    caPem: pem(pkiPaths(folder.pki).rootCert),
    clientCertPem: pem(terminalCertPath(folder.pki, TERMINAL_ID)),
    clientKeyPem: pem(terminalKeyPath(folder.pki, TERMINAL_ID)),
    terminalId: TERMINAL_ID,
  });
  const beat = { terminalId: TERMINAL_ID, at: Date.now(), journalHead: head, inService: true };
  const told = await terminal.outcomes.heartbeat(beat, { deadlineMs: 10_000 });
  await terminal.close();
  if (!told.ok) throw new Error(told.error.kind);
});
afterAll(async () => {
  await registry.stop();
  folder.remove();
});

const verify = (...more: string[]) => anjungan('--data', folder.data, 'journal', 'verify', ...more);

const valid = 'VALID: 2 rows, 1 checkpoints, signed through row 2; ';

describe('anjungan journal verify', () => {
  it('says that the record holds, and that nobody else keeps a head of it', async () => {
    expect(await verify()).toEqual({
      status: 0,
      stdout: `${valid}UNANCHORED: without heads kept elsewhere a cut-off tail would not show.\n`,
      stderr: '',
    });
  });

  it('asks the configured registry for its heads with the terminal’s own certificate', async () => {
    expect(await verify('--anchors', headsUrl)).toEqual({
      status: 0,
      stdout: `${valid}anchored through row 2.\n`,
      stderr: '',
    });
  });

  it('takes a certificate from --tls, and the registry gives another terminal nothing', async () => {
    const tlsOf = (id: string): string => {
      const file = path.join(folder.dir, `${id}.tls.pem`);
      const { rootCert } = pkiPaths(folder.pki);
      const parts = [terminalCertPath(folder.pki, id), terminalKeyPath(folder.pki, id), rootCert];
      writeFileSync(file, pem(...parts));
      return file;
    };
    const own = await verify('--anchors', headsUrl, '--tls', tlsOf(TERMINAL_ID));
    expect(own).toMatchObject({ status: 0, stdout: `${valid}anchored through row 2.\n` });
    const other = await verify('--anchors', headsUrl, '--tls', tlsOf(OTHER_ID));
    expect(other).toMatchObject({ status: 2, stderr: '' });
    expect(other.stdout).toMatch(/^The anchors cannot be read: localhost:\d+ answered 4\d\d\.\n$/);
  });

  it('reads anchors from a file, and says what is none', async () => {
    const file = path.join(folder.dir, 'heads.json');
    writeFileSync(file, JSON.stringify([head]));
    expect(await verify('--anchors', file)).toMatchObject({ status: 0 });
    writeFileSync(file, '{}');
    expect(await verify('--anchors', file)).toEqual({
      status: 2,
      stdout: 'The anchors cannot be read: they are not a list of heads.\n',
      stderr: '',
    });
  });

  it('says that a file is no key, and that a key is not there', async () => {
    const garbage = path.join(folder.dir, 'garbage.pem');
    writeFileSync(garbage, 'garbage');
    expect(await verify('--key', garbage)).toEqual({
      status: 2,
      stdout: `${garbage} is not a public key in PEM.\n`,
      stderr: '',
    });
    expect(await verify('--key', '/nowhere.pem')).toEqual({
      status: 2,
      stdout: 'There is no public key at /nowhere.pem; name one with --key.\n',
      stderr: '',
    });
    const asData = await verify('--key', '/nowhere.pem', '--json');
    expect(JSON.parse(asData.stdout)).toEqual({ error: { kind: 'keyMissing' } });
  });

  it('says that a record is incomplete, and which rows of before are lost', async () => {
    const data = path.join(folder.dir, 'lost');
    const opened = openRecord(data, {
      reserveBytes: 0,
      terminalId: TERMINAL_ID,
      clock: systemClock,
    });
    if (!opened.ok) throw new Error(opened.error.kind);
    const by = { name: 'BUDI', reason: 'disk replaced', personId: null, osUid: 0 };
    const digest = 'ab'.repeat(32);
    const loss = { lostAfter: 1, lostThrough: 40, head: digest, heads: [digest] };
    await opened.value.journal.append({
      events: [started, { kind: 'journal.lossAccepted', ...loss, ...decidedFields(by) }],
      also: ({ sql, seqs }) => storeStaffNote(sql, seqs[1] ?? 0, by),
    });
    opened.value.folder.close();
    const plain = await anjungan('--data', data, 'journal', 'verify');
    expect(plain).toEqual({
      status: 1,
      stdout:
        'INCOMPLETE: 2 rows, 1 checkpoints, signed through row 2; UNANCHORED: without heads kept elsewhere a cut-off tail would not show.\n' +
        'Rows 2 to 40 of before are lost: a person took note of it in row 2.\n',
      stderr: '',
    });
    const { stdout } = await anjungan('--data', data, '--json', 'journal', 'verify');
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      firstBreak: null,
      losses: [{ seq: 2, lostAfter: 1, lostThrough: 40 }],
    });
  });

  it('names the row at which a changed record breaks', async () => {
    const copy = path.join(folder.dir, 'changed');
    mkdirSync(copy);
    const source = new BetterSqlite3(path.join(folder.data, 'journal.db'), { readonly: true });
    await source.backup(path.join(copy, 'journal.db'));
    source.close();
    const changed = new BetterSqlite3(path.join(copy, 'journal.db'));
    changed.exec("UPDATE rows SET body = body || ' ' WHERE seq = 2");
    changed.close();
    const key = path.join(folder.data, 'keys/journal.pub.pem');
    const run = await anjungan('--data', copy, '--json', 'journal', 'verify', '--key', key);
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      valid: false,
      firstBreak: { seq: 2, lastGoodSeq: 1 },
    });
    const plain = await anjungan('--data', copy, 'journal', 'verify', '--key', key);
    expect(plain.stdout).toMatch(/^BROKEN at row 2: .*Rows 1 to 1 hold\.\n$/);
  });
});
