import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { openFoundation } from '../../src/core/foundation.ts';
import { startupErrorLines } from '../../src/core/startup-error.ts';
import type { Vault } from '../../src/journal/vault/vault.ts';
import { HEADS_A_LOSS } from '../../src/journal/events/record.ts';
import { readStaffNote } from '../../src/journal/staff-note.ts';
import { KeptHeadsWatch } from '../../src/core/kept-heads-watch.ts';
import { createHttpRegistry, type HttpRegistry } from '../../src/registry/http/http-registry.ts';
import { pkiPaths, terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import { startReferenceRegistry } from '../../src/registry/reference/start.ts';
import { anjungan } from '../cli/support/run.ts';
import { touched } from '../journal/fixture.ts';
import { day, runBefore, type Work } from './core-before.ts';
import { TERMINAL_ID, TerminalFolder } from '../cli/support/terminal-folder.ts';

// Processes, keys and flushes, on a machine that others use too.
jest.setTimeout(120_000);

const clock = new FakeClock();
let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

const file = (name: string): string => path.join(folder.data, name);
const aside = (name: string): string => path.join(folder.dir, `aside-${path.basename(name)}`);

const run = (work: Work): Promise<void> => runBefore(folder.data, clock, work);

const putCase = (vault: Vault): Promise<void> =>
  vault.put(
    { caseId: newId('case'), sessionId: newId('ses'), requestId: newId('req') },
    { subjectName: 'WARGA SPESIMEN' },
  );

describe('a person', () => {
  const accept = () =>
    anjungan(
      ...['--data', folder.data, '--json', 'journal', 'accept-loss'],
      ...['--by', 'BUDI PETUGAS', '--reason', 'disk replaced on the 5th'],
    );

  it('takes note of lost rows and lost keys by name, and only then core starts', async () => {
    await run(async (opened, vault) => {
      await day(opened);
      await putCase(vault);
    });
    for (const name of ['journal.db', 'keys.db']) copyFileSync(file(name), aside(name));
    await run(day);
    copyFileSync(aside('journal.db'), file('journal.db'));
    rmSync(file('keys.db'));
    expect(await accept()).toMatchObject({ status: 0 });
    const opened = await openFoundation(folder.data, clock);
    if (!opened.ok) throw new Error(startupErrorLines(opened.error).join('\n'));
    const { journal, folder: data } = opened.value;
    const rows = journal.rows(11, 14);
    expect(rows.map(({ event }) => event.kind)).toEqual([
      'journal.lossAccepted',
      'vault.lossAccepted',
      'case.erased',
      'core.started',
    ]);
    expect(rows[0]?.event).toMatchObject({ lostAfter: 10, lostThrough: 19, personId: null });
    // The two that the file beside the journal kept; the registry could not be asked.
    expect(rows[0]?.event).toMatchObject({ heads: [expect.any(String), expect.any(String)] });
    expect(rows[2]?.event).toMatchObject({ reason: 'keyLost' });
    expect(readStaffNote(journal.reader, 11)).toEqual({
      name: 'BUDI PETUGAS',
      reason: 'disk replaced on the 5th',
    });
    expect(journal.verify().firstBreak).toBeNull();
    data.close();
    expect(await accept()).toMatchObject({ status: 1 });
  });

  /** A day, then days that are lost: the copy from before them is put back. */
  async function loseDays(days: number, more: Work): Promise<void> {
    await run(day);
    copyFileSync(file('journal.db'), aside('journal.db'));
    for (let lost = 0; lost < days; lost += 1) await run(day);
    await run(more);
    copyFileSync(aside('journal.db'), file('journal.db'));
  }
  const signedRow: Work = async ({ journal }) => {
    await journal.append({ events: [touched()], checkpoint: true });
  };

  it.each([
    ['one', day],
    ['the other', signedRow],
  ])(
    'is not asked twice of one loss, whichever of its heads the next one replaces: %s',
    async (_, more) => {
      await loseDays(2, more);
      expect(await accept()).toMatchObject({ status: 0 });
      // One head was signed since, and lies where the older or the newer of the two was.
      await run(({ journal, lost }) => {
        expect(lost).toEqual([]);
        expect(journal.verify()).toMatchObject({ firstBreak: null, losses: [{ lostAfter: 9 }] });
        return Promise.resolve();
      });
    },
  );

  it('is asked again where an older copy comes back once more, though that loss had more rows', async () => {
    await loseDays(5, day);
    expect(await accept()).toMatchObject({ status: 0 });
    await run(day);
    copyFileSync(file('journal.db'), aside('journal.db'));
    await run(day);
    copyFileSync(aside('journal.db'), file('journal.db'));
    const opened = await openFoundation(folder.data, clock);
    expect(opened).toEqual({
      ok: false,
      error: {
        kind: 'journal',
        terminalId: TERMINAL_ID,
        error: {
          kind: 'rowsLost',
          rows: 19,
          keptHead: expect.objectContaining({ size: 28 }),
        },
      },
    });
    expect(await accept()).toMatchObject({ status: 0 });
    await run(({ journal }) => {
      expect(journal.rows(20, 20)[0]?.event).toMatchObject({ lostAfter: 19, lostThrough: 28 });
      return Promise.resolve();
    });
  });
});

describe('a whole data folder from a backup', () => {
  /** What a test has opened, the newest first: closed however it ended. */
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  /** What `anjungan status` says of a core that came up on this folder; the core is stopped again. */
  async function outOfServiceOfCore(): Promise<string | null> {
    const main = path.resolve(import.meta.dirname, '../../src/core/main.ts');
    const child = spawn(process.execPath, [main, '--data', folder.data], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const closed = once(child, 'close');
    await new Promise<void>((resolve, reject) => {
      let log = '';
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('in operation')) resolve();
      });
      closed.then(() => reject(new Error(`core ended: ${log}`)), reject);
    });
    const { stdout } = await anjungan('--data', folder.data, '--json', 'status');
    child.kill('SIGTERM');
    await closed;
    return (JSON.parse(stdout) as { outOfService: string | null }).outOfService;
  }

  /** The reference registry, which the configuration names from now on, and the terminal's line to it. */
  async function registryAndLine(): Promise<HttpRegistry> {
    const registry = await startReferenceRegistry({
      dataDir: path.join(folder.dir, 'registry'),
      pkiDir: folder.pki,
      port: 0,
      frontPort: 0,
    });
    opened.push(() => registry.stop());
    folder.edit('https://localhost:1', registry.terminalApiUrl);
    const pem = (name: string): string => readFileSync(name, 'utf8');
    const terminal = createHttpRegistry({
      baseUrl: registry.terminalApiUrl,
      caPem: pem(pkiPaths(folder.pki).rootCert),
      clientCertPem: pem(terminalCertPath(folder.pki, TERMINAL_ID)),
      clientKeyPem: pem(terminalKeyPath(folder.pki, TERMINAL_ID)),
      terminalId: TERMINAL_ID,
    });
    opened.unshift(() => terminal.close());
    return terminal;
  }

  const findingOf = async ({ heads }: HttpRegistry): Promise<string> => {
    let finding = '';
    await run(async ({ journal }) => {
      const watch = new KeptHeadsWatch(journal, heads);
      await watch.ask();
      finding = watch.finding();
    });
    return finding;
  };

  const accept = () =>
    anjungan(
      ...['--data', folder.data, 'journal', 'accept-loss'],
      ...['--by', 'BUDI', '--reason', 'restored from a backup'],
    );

  it('is noticed by the heads that the registry keeps, and serves nobody until a person took note', async () => {
    const terminal = await registryAndLine();
    const dayAndBeat = () =>
      run(async (record) => {
        await day(record);
        const journalHead = record.journal.head();
        const beat = { terminalId: TERMINAL_ID, at: clock.now(), journalHead, inService: true };
        const told = await terminal.outcomes.heartbeat(beat, { deadlineMs: 60_000 });
        expect(told.ok).toBe(true);
      });
    const putAside = () => cpSync(folder.data, aside('data'), { recursive: true });
    const putBack = () => {
      rmSync(folder.data, { recursive: true });
      renameSync(aside('data'), folder.data);
    };
    await dayAndBeat();
    putAside();
    for (let days = 0; days < 6; days += 1) await dayAndBeat();
    expect(await findingOf(terminal)).toBe('agrees');
    putBack();
    expect(await outOfServiceOfCore()).toBe('recordDamaged');
    const database = new BetterSqlite3(file('journal.db'), { readonly: true });
    const kinds = database.prepare('SELECT DISTINCT kind FROM rows').pluck().all();
    database.close();
    expect(kinds).toContain('registry.headDisputed');
    const accepted = await accept();
    expect(accepted).toMatchObject({ status: 0 });
    expect(accepted.stdout).toMatch(/^On record: rows \d+ to 63 are lost/);
    expect(await findingOf(terminal)).toBe('agrees');
    // Once more, with fewer rows than were lost before.
    await dayAndBeat();
    putAside();
    await dayAndBeat();
    await run(({ journal }) => {
      expect(journal.size()).toBeLessThan(63);
      return Promise.resolve();
    });
    putBack();
    expect(await findingOf(terminal)).toBe('disputed');
  });

  it('may have lost more heads than one row excuses: the note takes as many rows, each with its name and reason', async () => {
    const terminal = await registryAndLine();
    await run(day);
    const database = new BetterSqlite3(path.join(folder.dir, 'registry/registry.db'));
    const insert = database.prepare('INSERT INTO journal_heads VALUES (?, ?, ?, ?, 0)');
    database.transaction(() => {
      for (let size = 100; size <= 100 + HEADS_A_LOSS; size += 1) {
        const head = size.toString(16).padStart(64, '0');
        const whole = { terminalId: TERMINAL_ID, size, head, at: 1, signature: 'AA==' };
        const json = JSON.stringify({ ...whole, algorithm: 'ed25519' });
        insert.run(TERMINAL_ID, size, head, json);
      }
    })();
    database.close();
    expect((await accept()).stdout).toMatch(/^On record: rows 10 to 600 are lost/);
    await run(({ journal }) => {
      expect(journal.rows(10, 11).map(({ event }) => event)).toMatchObject([
        { kind: 'journal.lossAccepted', lostAfter: 9, lostThrough: 599 },
        {
          kind: 'journal.lossAccepted',
          lostAfter: 9,
          lostThrough: 600,
          heads: [expect.any(String)],
        },
      ]);
      // Both notes lie beside their rows.
      expect(journal.verify()).toMatchObject({ rows: 11, firstBreak: null });
      return Promise.resolve();
    });
    expect(await findingOf(terminal)).toBe('agrees');
  });
});
