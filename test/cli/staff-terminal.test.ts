import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemClock } from '../../src/base/clock.ts';
import { PASSWORD, ServedDesk } from '../staff/served-desk.ts';

// Each command signs in, and passwords cost what they cost.
jest.setTimeout(120_000);

const root = path.resolve(import.meta.dirname, '../..');
let served: ServedDesk;

beforeAll(async () => {
  served = await ServedDesk.open(systemClock);
  await served.account('Tono', 'technician');
  await served.account('Sari', 'supervisor');
  await served.account('Ani', 'administrator');
});
afterAll(() => served.close());

/** Runs `anjungan` on a terminal of its own (util-linux `script`) and types each answer at its question. */
async function onTerminal(
  args: readonly string[],
  answers: readonly (readonly [question: string, typed: string])[],
): Promise<{ readonly seen: string; readonly status: number | null }> {
  const command = [path.join(root, 'scripts/anjungan'), '--data', served.fixture.path, ...args];
  const child = spawn('script', ['-qec', command.join(' '), '/dev/null'], { cwd: root });
  const left = [...answers];
  let seen = '';
  let looked = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (chunk: string) => {
    seen += chunk;
    const [next] = left;
    const at = next === undefined ? -1 : seen.indexOf(next[0], looked);
    if (next === undefined || at === -1) return;
    looked = at + next[0].length;
    left.shift();
    child.stdin.write(`${next[1]}\r`);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  expect(left).toEqual([]);
  return { seen, status };
}

const login = [
  ['Name: ', 'Sari'],
  ['Password: ', `${PASSWORD}x\u007f`],
] as const;

describe('a person at the terminal', () => {
  it('signs in with a password that is never shown, and sees what is proposed', async () => {
    const { seen, status } = await onTerminal(['staff', 'proposals'], login);
    expect(seen).toContain('Nothing waits for a second person.');
    expect(seen).not.toContain(PASSWORD);
    expect(status).toBe(0);
  });

  it('agrees only by the word yes, to what was just shown', async () => {
    const tono = await served.desk.signIn.signIn({
      name: 'Tono',
      password: PASSWORD,
      channel: 'staffPage',
    });
    const by = tono.ok ? served.desk.signIn.look(tono.value.token) : null;
    if (by === null) throw new Error('Tono is not signed in');
    const done = await served.desk.answer(by, {
      ask: 'propose',
      act: { action: 'emptyBin', bin: 'rejectBin', counted: 0 },
    });
    if (!done.ok || done.value.answer !== 'proposed') throw new Error('not proposed');
    const { proposalId = '', digest = '' } = done.value.proposal ?? {};
    const emptied = () =>
      served.fixture.journal.rows(1, 999).filter(({ event }) => event.kind === 'stock.binEmptied')
        .length;

    const no = await onTerminal(['approve', proposalId], [...login, ['have it done: ', 'y']]);
    expect(no.status).toBe(2);
    expect(no.seen).toContain(digest);
    expect(no.seen).toContain('proposed by Tono');
    expect(emptied()).toBe(0);
    const yes = await onTerminal(['approve', proposalId], [...login, ['have it done: ', 'yes']]);
    expect(yes.status).toBe(0);
    expect(emptied()).toBe(1);
  });

  it('makes an account, its first password typed twice alike and never shown', async () => {
    const asAni = [
      ['Name: ', 'Ani'],
      ['Password: ', PASSWORD],
    ] as const;
    const first = 'kunci-hari-pertama';
    const create = ['staff', 'create', 'Budi', '--role', 'technician'];
    const question = 'First password of Budi: ';
    const different = await onTerminal(create, [
      ...asAni,
      [question, first],
      ['Once more: ', `${first}!`],
    ]);
    expect(different.seen).toContain('The two did not match; no account was made.');
    expect(different.status).toBe(2);
    expect(served.desk.people.findByName('Budi')).toBeNull();
    const made = await onTerminal(create, [...asAni, [question, first], ['Once more: ', first]]);
    expect(made.seen).toContain('The account Budi is made: technician.');
    expect(made.seen).not.toContain(first);
    expect(made.status).toBe(0);
  });

  it('chooses a password, typed twice alike', async () => {
    const next = 'kunci-saya-sendiri';
    const different = await onTerminal(
      ['staff', 'password'],
      [...login, ['New password: ', next], ['Once more: ', `${next}!`]],
    );
    expect(different.status).toBe(2);
    const chosen = await onTerminal(
      ['staff', 'password'],
      [...login, ['New password: ', next], ['Once more: ', next]],
    );
    expect(chosen.seen).toContain('Your password is changed.');
    expect(chosen.seen).not.toContain(next);
    expect(chosen.status).toBe(0);
  });
});
