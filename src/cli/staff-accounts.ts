import type { Role } from '../domain/role.ts';
import type { AccountView } from '../rpc/staff.ts';
import { GOOD, NO_ANSWER, table, type Report } from './output.ts';
import { answerOf, refused } from './staff-answer.ts';
import { asPerson } from './staff-link.ts';
import { askTwice, type LoginOptions } from './staff-login.ts';

/** `anjungan staff people`: who has an account, with which roles. */
export const staffPeople = (dataFolder: string, login: LoginOptions): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const asked = await ask({ ask: 'accounts' });
    if (!asked.ok) return refused(asked.error);
    const { accounts } = answerOf(asked.value, 'accounts');
    const rows = accounts.map((one) => [one.name, one.roles.join(' '), stateWords(one)]);
    return {
      json: accounts,
      lines: table([['name', 'roles', 'account'], ...rows]),
      exitStatus: GOOD,
    };
  });

const stateWords = ({ closed, passwordIsOwn }: AccountView): string => {
  if (closed) return 'closed';
  return passwordIsOwn ? 'open' : 'open, without a password of its own yet';
};

/** `anjungan staff create`: makes an account with a password for its first day. */
export const createAccount = (
  dataFolder: string,
  options: LoginOptions,
  account: { readonly name: string; readonly roles: readonly Role[] },
): Promise<Report> =>
  asPerson(dataFolder, options, async (ask, { secondLine }) => {
    const { name } = account;
    const password = await secondPassword(options, secondLine, `First password of ${name}: `);
    if (password === null) return different('no account was made');
    const roles = [...account.roles];
    const done = await ask({ ask: 'createAccount', name, password, roles });
    if (!done.ok) return refused(done.error);
    const created = answerOf(done.value, 'accountCreated');
    const lines = [
      `The account ${created.name} is made: ${created.roles.join(', ')}.`,
      'You know its password, so it says no yes until its holder chose another: anjungan staff password.',
    ];
    return { json: { created: created.name, roles: created.roles }, lines, exitStatus: GOOD };
  });

/** `anjungan staff password`: chooses a password that nobody else knows. */
export const changePassword = (dataFolder: string, options: LoginOptions): Promise<Report> =>
  asPerson(dataFolder, options, async (ask, { password: current, secondLine }) => {
    const next = await secondPassword(options, secondLine, 'New password: ');
    if (next === null) return different('nothing was changed');
    const done = await ask({ ask: 'changePassword', current, next });
    if (!done.ok) return refused(done.error);
    return { json: { changed: true }, lines: ['Your password is changed.'], exitStatus: GOOD };
  });

/** `anjungan staff disable`: closes an account for good. */
export const disableAccount = (
  dataFolder: string,
  login: LoginOptions,
  name: string,
): Promise<Report> =>
  asPerson(dataFolder, login, async (ask) => {
    const done = await ask({ ask: 'disableAccount', name });
    if (!done.ok) return refused(done.error);
    const lines = [`The account ${name} is closed: it signs in no more, and says no yes.`];
    return { json: { disabled: name }, lines, exitStatus: GOOD };
  });

/** What stood below the password on standard input, or what was typed twice alike; null: it was not alike. */
const secondPassword = (
  { passwordStdin }: LoginOptions,
  secondLine: string | null,
  question: string,
): Promise<string | null> =>
  passwordStdin ? Promise.resolve(secondLine ?? '') : askTwice(question);

const different = (so: string): Report => ({
  json: { error: { kind: 'different' } },
  lines: [`The two did not match; ${so}.`],
  exitStatus: NO_ANSWER,
});
