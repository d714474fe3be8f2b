import { argon2Sync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import { FREE_FAILURES, waitAfter } from '../../src/staff/failures.ts';
import { CURRENT_PARAMS } from '../../src/staff/password.ts';
import { People } from '../../src/staff/people.ts';
import {
  ABSOLUTE_LIMIT_MS,
  IDLE_LIMIT_MS,
  type SignInSession,
} from '../../src/staff/sign-in-sessions.ts';
import { SignIn } from '../../src/staff/sign-in.ts';
import { discard, openFixture, temporaryFolder, type OpenedFixture } from '../journal/fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const password = 'kunci-yang-panjang';
let clock: FakeClock;
let fixture: OpenedFixture;
let people: People;
let signIn: SignIn;
let ani: string;

function assemble(): void {
  const { journal, folder } = fixture;
  people = new People(journal, clock);
  signIn = new SignIn({
    journal,
    people,
    sql: folder.journal,
    clock,
    fatal: (cause) => {
      throw cause;
    },
  });
}

beforeEach(async () => {
  clock = new FakeClock();
  fixture = openFixture(temporaryFolder(), clock);
  assemble();
  const created = await people.create({ name: 'Ani', roles: ['technician'], password }, null);
  if (!created.ok) throw new Error(created.error.kind);
  ani = created.value.personId;
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

const tryAs = (name: string, word: string) =>
  signIn.signIn({ name, password: word, channel: 'technicianPage' });
const lastEvent = (): JournalEvent | undefined => fixture.journal.rows(1, 999).at(-1)?.event;

async function tokenOfAni(): Promise<string> {
  const signedIn = await tryAs('Ani', password);
  if (!signedIn.ok) throw new Error(signedIn.error.kind);
  return signedIn.value.token;
}

async function administrator(name: string): Promise<SignInSession> {
  await people.create({ name, roles: ['administrator'], password }, null);
  const signedIn = await tryAs(name, password);
  const by = signedIn.ok ? signIn.look(signedIn.value.token) : null;
  if (by === null) throw new Error(`${name} is not signed in`);
  return by;
}

describe('accounts', () => {
  it('are made by nobody whose own was closed while they asked', async () => {
    const [cici, dina] = [await administrator('Cici'), await administrator('Dina')];
    const budi = { name: 'Budi', roles: ['technician'], password } as const;
    const closed = signIn.disable(cici, 'Dina');
    const made = signIn.createAccount(dina, budi);
    expect(await closed).toMatchObject({ ok: true });
    expect(await made).toEqual({ ok: false, error: { kind: 'roleMissing' } });
    expect(people.findByName('Budi')).toBeNull();
  });

  it('have a name of their own, a role and a password worth the word', async () => {
    const create = (changes: object) =>
      people.create({ name: 'Budi', roles: ['auditor'], password, ...changes }, ani);
    expect(await create({ name: 'ani' })).toMatchObject({ error: { kind: 'nameTaken' } });
    expect(await create({ name: ' Budi' })).toMatchObject({ error: { kind: 'nameNotUsable' } });
    expect(await create({ name: '<b>' })).toMatchObject({ error: { kind: 'nameNotUsable' } });
    expect(await create({ roles: [] })).toMatchObject({ error: { kind: 'noRole' } });
    expect(await create({ password: 'kurang' })).toMatchObject({
      error: { kind: 'passwordTooShort' },
    });
    expect(await create({ name: "Budi Ma'ruf" })).toMatchObject({ ok: true });
    expect(people.list().map(({ name }) => name)).toEqual(['Ani', "Budi Ma'ruf"]);
  });

  it('are made once when two ask for one name at the same moment', async () => {
    const both = await Promise.all(
      [1, 2].map(() => people.create({ name: 'Budi', roles: ['auditor'], password }, ani)),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('stand in the journal by identifier, without name or password', () => {
    const bodies = [...fixture.folder.journal.iterateRaw('SELECT body FROM rows')].join();
    expect(bodies).toContain(ani);
    expect(bodies).not.toContain('Ani');
    expect(bodies).not.toContain(password);
  });
});

describe('signing in', () => {
  it('gives a token that says who it is, and is recorded', async () => {
    const token = await tokenOfAni();
    expect(signIn.authenticate(token)?.person).toMatchObject({
      name: 'Ani',
      roles: ['technician'],
    });
    expect(signIn.authenticate(`${token}x`)).toBeNull();
    expect(lastEvent()).toMatchObject({ kind: 'staff.signedIn', personId: ani });
  });

  it('refuses a wrong password and a wrong name in the same words', async () => {
    const wrongPassword = await tryAs('Ani', 'salah-salah-salah');
    const wrongName = await tryAs('Bukan Ani', password);
    expect(wrongPassword).toEqual({ ok: false, error: { kind: 'refused', waitMs: 0 } });
    expect(wrongName).toEqual(wrongPassword);
    expect(lastEvent()).toMatchObject({
      kind: 'staff.signInFailed',
      personId: null,
      reason: 'wrong',
    });
  });

  it('refuses a disabled account like any other', async () => {
    fixture.folder.journal.run('UPDATE people SET disabled = 1');
    expect(await tryAs('Ani', password)).toEqual({
      ok: false,
      error: { kind: 'refused', waitMs: 0 },
    });
    expect(lastEvent()).toMatchObject({ reason: 'disabled' });
  });

  it.each(['Ani', 'Bukan Ani'])(
    'makes %s wait after five failures, twice as long each time',
    async (name) => {
      const waits: number[] = [];
      for (let failure = 1; failure <= FREE_FAILURES + 2; failure += 1) {
        const refused = await tryAs(name, 'salah-salah-salah');
        if (refused.ok) throw new Error('let in');
        waits.push(refused.error.waitMs);
        clock.advance(refused.error.waitMs);
      }
      expect(waits).toEqual([0, 0, 0, 0, 15_000, 30_000, 60_000]);
    },
  );

  it('does not let even the right password through during a wait, nor count it', async () => {
    for (let failure = 0; failure < FREE_FAILURES; failure += 1) await tryAs('Ani', 'salah-salah');
    clock.advance(14_999);
    expect(await tryAs('Ani', password)).toEqual({
      ok: false,
      error: { kind: 'mustWait', waitMs: 1 },
    });
    clock.advance(1);
    expect(await tryAs('Ani', password)).toMatchObject({ ok: true });
    expect(await tryAs('Ani', 'salah-salah')).toMatchObject({ error: { waitMs: 0 } });
  });

  it('is let off its wait neither by a restart nor by the wall clock', async () => {
    for (let failure = 0; failure < FREE_FAILURES; failure += 1) await tryAs('Ani', 'salah-salah');
    fixture.folder.close();
    fixture = openFixture(fixture.path, clock);
    assemble();
    clock.setWallClock(clock.now() + 86_400_000);
    expect(await tryAs('Ani', password)).toMatchObject({
      error: { kind: 'mustWait', waitMs: 15_000 },
    });
  });

  it('counts a try on the disk before it compares', async () => {
    const trying = tryAs('Ani', 'salah-salah');
    await Promise.resolve();
    await Promise.resolve();
    const counted = [...fixture.folder.journal.iterateRaw('SELECT failures FROM sign_ins')];
    expect(counted).toEqual([[1]]);
    await trying;
  });

  it('finds every try counted that a cut of power ended before it was answered', async () => {
    for (let cut = 1; cut < FREE_FAILURES; cut += 1) {
      const unanswered = tryAs('Ani', 'salah-salah');
      await Promise.resolve();
      await Promise.resolve();
      fixture.folder.close();
      // What the dead process still does falls on a closed database.
      await expect(unanswered).rejects.toThrow();
      fixture = openFixture(fixture.path, clock);
      assemble();
      const counted = [...fixture.folder.journal.iterateRaw('SELECT failures FROM sign_ins')];
      expect(counted).toEqual([[cut]]);
    }
    expect(await tryAs('Ani', 'salah-salah')).toMatchObject({ error: { waitMs: 15_000 } });
  });

  it('makes a hash of an older cost anew, once, with the right password alone', async () => {
    const weak = { memoryKib: 64, passes: 1, parallelism: 1 };
    const salt = Buffer.alloc(16, 7);
    const hash = argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      tagLength: 32,
      memory: weak.memoryKib,
      passes: weak.passes,
      parallelism: weak.parallelism,
    });
    fixture.folder.journal.run(
      'UPDATE people SET password_salt = ?, password_hash = ?, password_params_json = ?',
      salt,
      hash,
      JSON.stringify(weak),
    );
    await tryAs('Ani', 'salah-salah');
    expect(people.passwordOf(ani)?.params).toEqual(weak);
    await tokenOfAni();
    const stronger = people.passwordOf(ani);
    expect(stronger?.params).toEqual(CURRENT_PARAMS);
    await tokenOfAni();
    expect(people.passwordOf(ani)).toEqual(stronger);
  });

  it('waits an hour at most', () => {
    expect(waitAfter(40)).toBe(3_600_000);
  });
});

describe('choosing a password', () => {
  const next = 'kunci-saya-sendiri';
  const change = (token: string, words: { current: string; next: string }) => {
    const by = signIn.look(token);
    if (by === null) throw new Error('not signed in');
    return signIn.changePassword(by, words);
  };

  it('makes it the holder’s own, ends their other sign-ins, and lets the old one in no more', async () => {
    const made = await people.create({ name: 'Budi', roles: ['auditor'], password }, ani);
    expect(made).toMatchObject({ ok: true, value: { passwordIsOwn: false } });
    const [mine, theirs] = [await tryAs('Budi', password), await tryAs('Budi', password)];
    if (!mine.ok || !theirs.ok) throw new Error('refused');
    const { token } = mine.value;
    expect(await change(token, { current: password, next })).toEqual({ ok: true });
    expect(people.findByName('Budi')?.passwordIsOwn).toBe(true);
    expect(signIn.look(token)).not.toBeNull();
    expect(signIn.look(theirs.value.token)).toBeNull();
    expect(await tryAs('Budi', password)).toMatchObject({ error: { kind: 'refused' } });
    expect(await tryAs('Budi', next)).toMatchObject({ ok: true });
    const kinds = fixture.journal.rows(1, 999).map(({ event }) => event.kind);
    expect(kinds).toContain('staff.passwordChanged');
  });

  it('asks for the present one, and counts a wrong one like a failed sign-in', async () => {
    const token = await tokenOfAni();
    const wrong = { current: 'salah-salah-salah', next };
    const refused = { ok: false, error: { kind: 'passwordRefused' } };
    for (let failure = 0; failure < FREE_FAILURES; failure += 1) {
      expect(await change(token, wrong)).toEqual(refused);
    }
    expect(await change(token, { current: password, next })).toEqual(refused);
    expect(await tryAs('Ani', password)).toMatchObject({ error: { kind: 'mustWait' } });
    clock.advance(15_000);
    expect(await change(token, { current: password, next: 'pendek' })).toMatchObject({
      error: { kind: 'passwordTooShort' },
    });
    expect(await change(token, { current: password, next: password })).toMatchObject({
      error: { kind: 'passwordUnchanged' },
    });
    expect(await change(token, { current: password, next })).toEqual({ ok: true });
  });
});

describe('a sign-in', () => {
  it('ends after fifteen idle minutes, which use puts off', async () => {
    const token = await tokenOfAni();
    clock.advance(IDLE_LIMIT_MS - 1);
    expect(signIn.authenticate(token)).not.toBeNull();
    clock.advance(IDLE_LIMIT_MS - 1);
    expect(signIn.authenticate(token)).not.toBeNull();
    clock.advance(IDLE_LIMIT_MS);
    expect(signIn.authenticate(token)).toBeNull();
    await fixture.journal.checkpoint();
    expect(lastEvent()).toMatchObject({ kind: 'staff.signedOut', reason: 'idle' });
  });

  it('ends after eight hours, used or not', async () => {
    const token = await tokenOfAni();
    for (let spent = 0; spent < ABSOLUTE_LIMIT_MS; spent += 600_000) {
      expect(signIn.authenticate(token)).not.toBeNull();
      clock.advance(600_000);
    }
    expect(signIn.authenticate(token)).toBeNull();
    await fixture.journal.checkpoint();
    expect(lastEvent()).toMatchObject({ kind: 'staff.signedOut', reason: 'absolute' });
  });

  it('ends when its holder says so, and when core stops', async () => {
    const [first, second] = [await tokenOfAni(), await tokenOfAni()];
    expect(signIn.signOut(first)).toBe(true);
    expect(signIn.signOut(first)).toBe(false);
    expect(signIn.authenticate(second)).not.toBeNull();
    signIn.closeAll();
    expect(signIn.authenticate(second)).toBeNull();
    await fixture.journal.checkpoint();
    expect(lastEvent()).toMatchObject({ kind: 'staff.signedOut', reason: 'coreStopped' });
  });
});
