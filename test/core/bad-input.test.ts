import { copyFileSync, existsSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { openFoundation } from '../../src/core/foundation.ts';
import { exitStatusOf, startupErrorLines } from '../../src/core/startup-error.ts';
import { incidentFound } from '../../src/issuance/stock/incidents.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { core } from '../cli/support/run.ts';
import { day, runBefore, type Work } from './core-before.ts';
import { OTHER_ID, TerminalFolder } from '../cli/support/terminal-folder.ts';

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

const run = (work: Work, terminalId?: string): Promise<void> =>
  runBefore(folder.data, clock, work, terminalId);

const putCase = (vault: Vault): Promise<void> =>
  vault.put(
    { caseId: newId('case'), sessionId: newId('ses'), requestId: newId('req') },
    { subjectName: 'WARGA SPESIMEN' },
  );

const sql = (name: string, text: string): void => {
  const database = new BetterSqlite3(file(name));
  database.exec(text);
  database.close();
};

/** How many rows a reader of a copy finds, WAL included. */
function rowsOnDisk(): number {
  const copy = path.join(folder.dir, 'copy.db');
  for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  for (const end of ['', '-wal']) {
    if (existsSync(file(`journal.db${end}`))) {
      copyFileSync(file(`journal.db${end}`), `${copy}${end}`);
    }
  }
  const database = new BetterSqlite3(copy);
  const tables = `SELECT count(*) FROM sqlite_schema WHERE name = 'rows'`;
  const isThere = database.prepare(tables).pluck().get() === 1;
  const rows = isThere ? database.prepare('SELECT count(*) FROM rows').pluck().get() : 0;
  database.close();
  return Number(rows);
}

const forgot = { what: 'registryForgot', of: 'head', requestId: null } as const;

interface BadInput {
  readonly what: string;
  readonly prepare: () => Promise<void>;
  readonly exit: number;
  readonly says: RegExp;
}

const table: readonly BadInput[] = [
  {
    what: 'the journal of another terminal',
    prepare: () => run(day, OTHER_ID),
    exit: 65,
    says: /journal of another terminal, not of ADM-SPESIMEN-01 .*ADM-SPESIMEN-02.*Nothing is printed/,
  },
  {
    what: 'a journal of a newer schema',
    prepare: async () => {
      await run(day);
      sql('journal.db', 'PRAGMA user_version = 99');
    },
    exit: 65,
    says: /journal\.db .* was written by a newer version \(schema 99, .*install the newer version/,
  },
  {
    what: 'a journal of the earlier format',
    prepare: async () => {
      await run(day);
      sql('journal.db', 'PRAGMA application_id = 0');
      sql('journal.db', 'PRAGMA user_version = 7');
    },
    exit: 65,
    says: /journal\.db .* was written in another format, as by an earlier version\. Nothing was changed/,
  },
  {
    what: 'keys of a newer schema',
    prepare: async () => {
      await run(day);
      sql('keys.db', 'PRAGMA user_version = 99');
    },
    exit: 65,
    says: /keys\.db .* was written by a newer version/,
  },
  {
    what: 'a WAL that lost its end',
    prepare: async () => {
      await run(async (opened) => {
        await day(opened);
        await day(opened);
        for (const name of ['journal.db', 'journal.db-wal']) copyFileSync(file(name), aside(name));
      });
      for (const name of ['journal.db', 'journal.db-wal']) copyFileSync(aside(name), file(name));
      truncateSync(file('journal.db-wal'), Math.floor(statSync(aside('journal.db-wal')).size / 2));
    },
    exit: 65,
    says: /Rows of the journal are lost: it ends at row \d+, and this terminal signed row 18 before/,
  },
  {
    what: 'a WAL that is not there any more',
    prepare: async () => {
      await run(async (opened) => {
        await day(opened);
        opened.folder.journal.pragma('wal_checkpoint(TRUNCATE)');
        await day(opened);
        copyFileSync(file('journal.db'), aside('journal.db'));
      });
      copyFileSync(aside('journal.db'), file('journal.db'));
    },
    exit: 65,
    says: /Rows of the journal are lost: it ends at row 9, and this terminal signed row 18 before/,
  },
  {
    what: "yesterday's copy of the journal, put back",
    prepare: async () => {
      await run(day);
      copyFileSync(file('journal.db'), aside('journal.db'));
      await run(day);
      copyFileSync(aside('journal.db'), file('journal.db'));
    },
    exit: 65,
    says: /it ends at row 9, and this terminal signed row 18 before\. An older copy was put back/,
  },
  {
    what: 'a journal that was deleted',
    prepare: async () => {
      await run(day);
      rmSync(file('journal.db'));
    },
    exit: 65,
    says: /it ends at row 0, and this terminal signed row 9 before/,
  },
  {
    what: 'a missing signing key',
    prepare: async () => {
      await run(day);
      rmSync(file('keys/journal.key.pem'));
    },
    exit: 65,
    says: /not the key that signed it .*Bring the key back, or let the registry decide/,
  },
  {
    what: 'a signing key that is none',
    prepare: async () => {
      await run(day);
      writeFileSync(file('keys/journal.key.pem'), 'no key');
    },
    exit: 65,
    says: /cannot be read as an ed25519 key/,
  },
  {
    what: 'another signing key',
    prepare: async () => {
      await run(day);
      for (const name of ['journal.db', 'keys/journal.head']) copyFileSync(file(name), aside(name));
      rmSync(file('keys/journal.key.pem'));
      rmSync(file('journal.db'));
      await run(day);
      copyFileSync(aside('journal.db'), file('journal.db'));
    },
    exit: 65,
    says: /newest signature of the journal is not of this terminal's key/,
  },
  {
    what: 'the keys of cases, gone',
    prepare: async () => {
      await run(async (opened, vault) => {
        await day(opened);
        await putCase(vault);
        await putCase(vault);
      });
      rmSync(file('keys.db'));
    },
    exit: 65,
    says: /The keys of 2 cases are not in keys\.db, though nobody erased them/,
  },
  {
    what: "yesterday's copy of the keys of cases, put back",
    prepare: async () => {
      await run((_, vault) => putCase(vault));
      copyFileSync(file('keys.db'), aside('keys.db'));
      await run((_, vault) => putCase(vault));
      copyFileSync(aside('keys.db'), file('keys.db'));
    },
    exit: 65,
    says: /The keys of 1 cases are not in keys\.db/,
  },
  {
    what: 'a row that was changed',
    prepare: async () => {
      await run(day);
      sql('journal.db', `UPDATE rows SET body = body || ' ' WHERE seq = 5`);
    },
    exit: 65,
    says: /does not hold from row 5 on \(hashMismatch\)/,
  },
  {
    what: 'a table of attempts that is not what the events say',
    prepare: async () => {
      await run(day);
      sql('journal.db', `UPDATE attempts SET outcome = 'notPrinted'`);
    },
    exit: 65,
    says: /The journal and its table of attempts disagree/,
  },
  {
    what: 'a table of blanks that is not what the events say',
    prepare: async () => {
      await run(async (opened) => {
        const range = { batch: 'B-1', blankKind: 'ktpEl', firstSerial: 'K-01', count: 5 } as const;
        const load = { kind: 'blank.loaded', ...range, feeder: 'one' } as const;
        await opened.journal.append({ events: [{ ...load, by: [] }] });
        await day(opened);
      });
      sql('journal.db', `UPDATE blanks SET state = 'issued' WHERE serial = 'K-03'`);
    },
    exit: 65,
    says: /The journal and its table of blanks disagree/,
  },
  {
    what: 'an incident that its table alone calls closed, so that cards would be printed',
    prepare: async () => {
      await run(async (opened) => {
        await opened.journal.append({ events: [incidentFound(forgot)] });
        await day(opened);
      });
      sql('journal.db', 'UPDATE stock_incidents SET closed_seq = 1');
    },
    exit: 65,
    says: /The journal and its table of incidents disagree/,
  },
  {
    what: 'a report that waited to be sent and is gone',
    prepare: async () => {
      await run(day);
      sql('journal.db', `DELETE FROM outbox WHERE state = 'waiting'`);
    },
    exit: 65,
    says: /The journal and its table of messages to the registry disagree/,
  },
  {
    what: 'a file of keys that is no database',
    prepare: async () => {
      await run(day);
      writeFileSync(
        file('keys.db'),
        'this is no database, and longer than a header has to be '.repeat(99),
      );
    },
    exit: 65,
    says: /keys\.db .* is damaged/,
  },
];

describe('core does not start on', () => {
  it.each(table)('$what, says so to the technician, and writes no row', async (bad) => {
    await bad.prepare();
    const before = rowsOnDisk();
    const opened = await openFoundation(folder.data, clock);
    if (opened.ok) throw new Error('it started');
    const lines = startupErrorLines(opened.error);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(bad.says);
    expect(exitStatusOf(opened.error)).toBe(bad.exit);
    expect(rowsOnDisk()).toBe(before);
    // Nobody made it good by starting twice.
    expect((await openFoundation(folder.data, clock)).ok).toBe(false);
  });

  it('a put-back copy as a process, with the same sentence and exit status', async () => {
    await run(day);
    copyFileSync(file('journal.db'), aside('journal.db'));
    await run(day);
    copyFileSync(aside('journal.db'), file('journal.db'));
    const ran = await core(folder.data);
    expect(ran.status).toBe(65);
    expect(ran.stderr).toMatch(
      /^anjungan: Rows of the journal are lost: .*accept-loss\.\nanjungan: This core did not start: it printed nothing and used no code\.\n$/,
    );
  });
});
