import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { openRecord } from '../../src/core/foundation.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { core } from '../cli/support/run.ts';
import { TERMINAL_ID, TerminalFolder } from '../cli/support/terminal-folder.ts';
import { started, touched } from '../journal/fixture.ts';

// Processes, native modules and flushes, on a machine that others use too.
jest.setTimeout(60_000);

let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

const became = 'anjungan: This core did not start: it printed nothing and used no code.';

/** What core says to the technician, without its log. */
const said = (stderr: string): string[] =>
  stderr.split('\n').filter((line) => line.startsWith('anjungan: '));

/** A record as a core that ran before left it. */
async function recordBefore(): Promise<void> {
  const opened = openRecord(folder.data, {
    reserveBytes: 0,
    terminalId: TERMINAL_ID,
    clock: systemClock,
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  await opened.value.journal.append({ events: [started, touched()] });
  await opened.value.journal.stop('asked');
  opened.value.folder.close();
}

describe('core', () => {
  it('does not start beside another on the same data, and leaves the other its journal', async () => {
    const first = openDataFolder(folder.data, { reserveBytes: 0 });
    if (!first.ok) throw new Error(first.error.kind);
    const run = await core(folder.data);
    expect(run).toMatchObject({
      status: 75,
      stderr:
        `anjungan: Another core already runs on ${folder.data}. This one stops; the other is not disturbed.\n` +
        `${became} Let the other one serve, or stop it before you start this one.\n`,
    });
    first.value.journal.exec('CREATE TABLE still_mine (n INTEGER)');
    first.value.close();
  });

  it('does not start on a damaged journal, and changes nothing', async () => {
    await recordBefore();
    const file = path.join(folder.data, 'journal.db');
    writeFileSync(
      file,
      'this is no database, and longer than any header of one has to be '.repeat(99),
    );
    const before = readFileSync(file);
    const run = await core(folder.data);
    expect(run.status).toBe(65);
    expect(run.stderr).toMatch(
      /^anjungan: journal\.db in \S+ is damaged \(.+\)\. Nothing was changed and nothing is printed; keep the folder and call the registry\.\n/,
    );
    expect(said(run.stderr).slice(1)).toEqual([became]);
    expect(readFileSync(file)).toEqual(before);
  });

  it('does not start without the key that signed its journal', async () => {
    await recordBefore();
    rmSync(path.join(folder.data, 'keys/journal.key.pem'));
    const run = await core(folder.data);
    expect(run).toMatchObject({
      status: 65,
      stderr: `anjungan: There is a journal but not the key that signed it (keys/journal.key.pem). Bring the key back, or let the registry decide; nothing is printed until then.\n${became}\n`,
    });
  });

  it('does not start where a configured port is taken, and starts once it is free', async () => {
    const taker = net.createServer();
    taker.listen(0, '127.0.0.1');
    await once(taker, 'listening');
    const address = taker.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const toml = readFileSync(folder.configFile, 'utf8');
    writeFileSync(folder.configFile, `${toml}\n[console]\nport = ${port}\n`);
    const run = await core(folder.data);
    const closed = once(taker, 'close');
    taker.close();
    await closed;
    expect(said(run.stderr)).toEqual([
      `anjungan: console.port: port ${port} is taken by another program.`,
      `${became} Mend what is named above and start it again.`,
    ]);
    expect(run.status).toBe(75);
    const again = startCore();
    await again.inOperation;
    again.child.kill('SIGTERM');
    expect(await again.ended).toBe(0);
  });
});

function startCore() {
  const child: ChildProcess = spawn(
    process.execPath,
    [path.resolve(import.meta.dirname, '../../src/core/main.ts'), '--data', folder.data],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close').then(([status]) => status as number | null);
  let log = '';
  const inOperation = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      log += chunk.toString();
      if (log.includes('in operation')) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    void ended.then(() => reject(new Error(`core ended: ${log}`)));
  });
  return { child, ended, inOperation };
}
