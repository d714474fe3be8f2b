import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { FirstAdministrator, SECRET_LIFE_MS } from '../../src/staff/first-administrator.ts';
import { People } from '../../src/staff/people.ts';
import { discard, openFixture, temporaryFolder, type OpenedFixture } from '../journal/fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const account = { name: 'Ani', password: 'kunci-yang-panjang' };
let fixture: OpenedFixture;
let first: FirstAdministrator;
let people: People;
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
  fixture = openFixture(temporaryFolder(), clock);
  const { journal, path } = fixture;
  people = new People(journal, clock);
  first = new FirstAdministrator({ dataFolder: path, journal, clock, people });
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

async function offered(): Promise<{ path: string; secret: string }> {
  const path = await first.offer();
  if (path === null) throw new Error('nothing was offered');
  return { path, secret: readFileSync(path, 'utf8').trim() };
}

describe('the first administrator', () => {
  it('is made with a secret that only the owner of the data folder can read', async () => {
    const { path, secret } = await offered();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const created = await first.redeem(secret, account);
    expect(created).toMatchObject({ ok: true, value: { name: 'Ani', roles: ['administrator'] } });
    const events = fixture.journal.rows(1, 9).map(({ event }) => event);
    expect(events).toMatchObject([
      { kind: 'staff.setupSecretIssued' },
      { kind: 'staff.personCreated', by: null },
    ]);
  });

  it('cannot be made twice: the secret is gone with its first use', async () => {
    const { path, secret } = await offered();
    await first.redeem(secret, account);
    expect(existsSync(path)).toBe(false);
    expect(await first.redeem(secret, { ...account, name: 'Budi' })).toEqual({
      ok: false,
      error: { kind: 'alreadySetUp' },
    });
    expect(await first.offer()).toBeNull();
  });

  it('is one when two redeem the secret at the same moment', async () => {
    const { secret } = await offered();
    const both = await Promise.all([
      first.redeem(secret, account),
      first.redeem(secret, { ...account, name: 'Budi' }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(people.list()).toHaveLength(1);
  });

  it('is not made with a wrong, an empty or a truncated secret', async () => {
    const { path, secret } = await offered();
    const refused = { ok: false, error: { kind: 'wrongSecret' } };
    expect(await first.redeem('A'.repeat(32), account)).toEqual(refused);
    writeFileSync(path, '');
    expect(await first.redeem('', account)).toEqual(refused);
    expect(await first.redeem(secret, account)).toEqual(refused);
    const again = await offered();
    expect(again.secret).not.toBe(secret);
    expect(await first.redeem(again.secret, account)).toMatchObject({ ok: true });
  });

  it('keeps the secret when the account was not usable', async () => {
    const { secret } = await offered();
    const refused = await first.redeem(secret, { ...account, password: 'pendek' });
    expect(refused).toMatchObject({ error: { kind: 'passwordTooShort' } });
    expect(await first.redeem(secret, account)).toMatchObject({ ok: true });
  });

  it('cannot be made with a secret that lay a day unused: another lies in its place', async () => {
    const { path, secret } = await offered();
    clock.advance(SECRET_LIFE_MS);
    expect((await offered()).secret).toBe(secret);
    clock.advance(1);
    expect(await first.redeem(secret, account)).toMatchObject({ error: { kind: 'wrongSecret' } });
    const fresh = readFileSync(path, 'utf8').trim();
    expect(fresh).not.toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await first.redeem(secret, account)).toMatchObject({ error: { kind: 'wrongSecret' } });
    expect(await first.redeem(fresh, account)).toMatchObject({ ok: true });
  });

  it('gets no young secret from a clock that was set back', async () => {
    const { secret } = await offered();
    clock.setWallClock(0);
    expect(await first.redeem(secret, account)).toMatchObject({ error: { kind: 'wrongSecret' } });
    expect((await offered()).secret).not.toBe(secret);
  });

  it('is offered one secret over restarts', async () => {
    expect((await offered()).secret).toBe((await offered()).secret);
  });
});
