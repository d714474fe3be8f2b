import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import type { Role } from '../../src/domain/role.ts';
import { PASSWORD, ServedDesk } from '../staff/served-desk.ts';
import { anjungan, anjunganAs } from './support/run.ts';

// Each command signs in, and passwords cost what they cost.
jest.setTimeout(180_000);

const FIRST = 'kunci-hari-pertama';
let served: ServedDesk;

beforeAll(async () => {
  served = await ServedDesk.open(systemClock);
  await served.account('Ani', 'administrator');
  await served.account('Tono', 'technician');
  await served.account('Rini', 'auditor');
});
afterAll(() => served.close());

const inFolder = (...args: readonly string[]) => ['--data', served.fixture.path, ...args];
const as = (name: string, password: string, ...args: readonly string[]) =>
  anjunganAs({ name, password }, ...inFolder(...args));

const create = (by: string, name: string, roles: readonly string[], first = FIRST) =>
  as(by, `${PASSWORD}\n${first}`, '--json', 'staff', 'create', name, '--role', ...roles);

const madeNow = () =>
  served.fixture.journal
    .rows(1, 9_999)
    .flatMap(({ event }) => (event.kind === 'staff.personCreated' ? [event] : []));

/** Makes an account as the administrator; its holder then chooses another password. */
async function newPerson(name: string, role: Role): Promise<void> {
  expect(await create('Ani', name, [role])).toMatchObject({ status: 0, stderr: '' });
  const chosen = await as(name, `${FIRST}\n${PASSWORD}`, 'staff', 'password');
  expect(chosen).toMatchObject({ status: 0 });
}

describe('anjungan staff create', () => {
  it('makes an account that signs in, in the name of the administrator who made it', async () => {
    const words = ['--role', 'technician', '--role', 'supervisor'];
    const made = await as('Ani', `${PASSWORD}\n${FIRST}`, 'staff', 'create', 'Budi', ...words);
    expect(made).toEqual({
      status: 0,
      stdout:
        'The account Budi is made: technician, supervisor.\n' +
        'You know its password, so it says no yes until its holder chose another: anjungan staff password.\n',
      stderr: '',
    });
    expect(madeNow().at(-1)).toMatchObject({
      personId: served.desk.people.findByName('Budi')?.personId,
      roles: ['technician', 'supervisor'],
      by: served.desk.people.findByName('Ani')?.personId,
    });
    expect(await as('Budi', FIRST, 'staff', 'proposals')).toMatchObject({ status: 0 });
    const emptied = ['stock', 'empty-bin', 'rejectBin', '--counted', '0'];
    const early = await as('Budi', FIRST, ...emptied);
    expect(early.status).toBe(1);
    expect(early.stdout).toContain('Whoever made your account knows its password.');
  });

  it('gives the second person that a grave act takes', async () => {
    await newPerson('Dewi', 'technician');
    await newPerson('Eko', 'supervisor');
    const load = ['--feeder', 'ktp', '--kind', 'ktpEl', '--batch', 'SPES-1'];
    const range = [...load, '--first-serial', 'SPKTP00001', '--count', '2'];
    const asked = await as('Dewi', PASSWORD, '--json', 'stock', 'load', ...range);
    const { proposal } = JSON.parse(asked.stdout) as { proposal: Record<string, string> };
    const { proposalId = '', digest = '' } = proposal;
    const yes = ['approve', proposalId, '--digest', digest];
    expect(await as('Eko', PASSWORD, ...yes)).toMatchObject({ status: 0, stderr: '' });
    const loaded = served.fixture.journal
      .rows(1, 9_999)
      .filter(({ event }) => event.kind === 'blank.loaded');
    expect(loaded).toHaveLength(1);
  });

  it.each([
    ['roleMissing', 'Tono', 'Citra', FIRST, 1],
    ['nameNotUsable', 'Ani', '<b>', FIRST, 1],
    ['nameNotUsable', 'Ani', 'a'.repeat(61), FIRST, 1],
    ['nameTaken', 'Ani', 'tono', FIRST, 1],
    ['passwordTooShort', 'Ani', 'Citra', 'pendek', 1],
    ['passwordTooLong', 'Ani', 'Citra', 'a'.repeat(201), 1],
    ['malformed', 'Ani', 'a'.repeat(62), FIRST, 2],
    ['malformed', 'Ani', 'Citra', 'a'.repeat(202), 2],
  ])('says %s to %s, and makes no account', async (kind, by, name, first, status) => {
    const before = madeNow();
    const run = await create(by, name, ['technician'], first);
    expect(run).toMatchObject({ status, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({ error: { kind } });
    expect(madeNow()).toEqual(before);
  });

  it('tells people why not, and that no account is given other roles', async () => {
    const run = await as(
      'Tono',
      `${PASSWORD}\n${FIRST}`,
      ...'staff create C --role auditor'.split(' '),
    );
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(
      /^Your account may not do that\. .*the roles it was made with.*\.\n$/,
    );
  });

  it.each([
    [['--role', 'boss'], 'Allowed choices are administrator, technician, reviewer'],
    [[], "required option '--role <role...>' not specified"],
  ])('does not understand the roles %j', async (words, said) => {
    const run = await anjungan(...inFolder('staff', 'create', 'Citra', ...words));
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain(said);
  });
});

describe('anjungan staff people', () => {
  it('names every account with its roles, and says which is closed', async () => {
    await create('Ani', 'Fajar', ['reviewer', 'auditor']);
    await create('Ani', 'Gita', ['reviewer']);
    expect(await as('Ani', PASSWORD, 'staff', 'disable', 'Gita')).toMatchObject({ status: 0 });
    const run = await as('Ani', PASSWORD, 'staff', 'people');
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toMatch(/^name +roles +account\nAni +administrator +open\n/);
    expect(run.stdout).toMatch(
      /\nFajar +reviewer auditor +open, without a password of its own yet\nGita +reviewer +closed\n/,
    );
    expect(run.stdout).toMatch(/\nTono +technician +open\n$/);
  });

  it('answers an auditor as JSON, and a technician not at all', async () => {
    const run = await as('Rini', PASSWORD, '--json', 'staff', 'people');
    expect(run.status).toBe(0);
    const tono = { name: 'Tono', roles: ['technician'], closed: false, passwordIsOwn: true };
    expect(JSON.parse(run.stdout)).toContainEqual(tono);
    const refused = await as('Tono', PASSWORD, '--json', 'staff', 'people');
    expect(refused.status).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual({ error: { kind: 'roleMissing' } });
  });
});
