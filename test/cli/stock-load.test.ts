import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openReadOnly } from '../../src/store/open-database.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import * as z from 'zod';
import { existsSync } from 'node:fs';
import { anjungan } from './support/run.ts';
import { TerminalFolder } from './support/terminal-folder.ts';

jest.setTimeout(60_000);

let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

interface Load {
  readonly feeder?: string;
  readonly kind?: string;
  readonly first?: string;
  readonly count?: string;
}
const load = ({ feeder = 'ktp', kind = 'ktpEl', first = 'SPKTP00001', count = '3' }: Load = {}) =>
  anjungan(
    ...['--data', folder.data, 'stock', 'load', '--feeder', feeder, '--kind', kind],
    ...['--batch', 'SPES-1', '--first-serial', first, '--count', count],
  );

function ledger(): string[] {
  const journal = openReadOnly(`${folder.data}/journal.db`);
  if (!journal.ok) throw new Error(journal.error.kind);
  const rows = journal.value.all(
    z.object({ serial: z.string() }),
    'SELECT serial FROM blanks ORDER BY serial',
  );
  journal.value.close();
  return rows.map(({ serial }) => serial);
}

describe('anjungan stock load', () => {
  it('records a range, and refuses what was recorded before', async () => {
    expect(await load()).toEqual({
      status: 0,
      stdout: 'Recorded 3 ktpEl blanks of batch SPES-1 from SPKTP00001 in ktp.\n',
      stderr: '',
    });
    expect(await load({ first: 'SPKTP00003' })).toEqual({
      status: 1,
      stdout: 'Blank SPKTP00003 was loaded before.\n',
      stderr: '',
    });
    expect(ledger()).toEqual(['SPKTP00001', 'SPKTP00002', 'SPKTP00003']);
  });

  it('refuses blanks that people can hold, for a printer that is no simulator', async () => {
    folder.edit('driver = "simulated-card-printer"', 'driver = "evolis-card-printer"');
    const run = await load();
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(/^Without --name only the simulated cabinet .*two people load/);
    expect(existsSync(`${folder.data}/journal.db`)).toBe(false);
  });

  it('refuses a feeder that the configuration does not name', async () => {
    expect(await load({ feeder: 'top' })).toEqual({
      status: 1,
      stdout: 'The configuration names no feeder top; it names: ktp, kia.\n',
      stderr: '',
    });
  });

  it('refuses blanks of another kind than the feeder is for', async () => {
    expect(await load({ feeder: 'kia' })).toEqual({
      status: 1,
      stdout: 'Feeder kia is for kia blanks; nothing was recorded.\n',
      stderr: '',
    });
  });

  it('refuses a serial that cannot be counted up', async () => {
    expect(await load({ first: 'SPKTP9', count: '2' })).toMatchObject({ status: 1, stderr: '' });
    expect(ledger()).toEqual([]);
  });

  it('signs with what the configuration names, and makes no other key', async () => {
    const nowhere = `swtpm:path=${folder.dir}/no-tpm.sock`;
    folder.edit('[terminal]', `[journal]\nsigner = "tpm"\ntpmTcti = "${nowhere}"\n\n[terminal]`);
    const run = await load();
    expect(run).toMatchObject({ status: 2, stderr: '' });
    expect(run.stdout).toContain(nowhere);
    expect(existsSync(`${folder.data}/keys/journal.pub.pem`)).toBe(false);
  });

  it('answers nothing while core runs', async () => {
    const held = openDataFolder(folder.data, { reserveBytes: 0 });
    const run = await load();
    if (held.ok) held.value.close();
    expect(held.ok).toBe(true);
    expect(run).toMatchObject({ status: 2, stderr: '' });
    expect(run.stdout).toContain('Another core already runs on');
  });

  it.each([
    [{ kind: 'sim' }, '--kind is ktpEl, ktpElWna or kia'],
    [{ count: '0' }, 'a whole number from 1 to 2000'],
    [{ count: 'many' }, 'a whole number from 1 to 2000'],
  ])('does not understand %j', async (wrong, said) => {
    const run = await load(wrong);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(said);
  });
});
