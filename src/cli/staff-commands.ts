import { Option, type Command } from 'commander';
import { resolutionSchema } from '../domain/attempt.ts';
import { roleSchema, type Role } from '../domain/role.ts';
import { print } from './output.ts';
import type { LoginOptions } from './staff-login.ts';

interface LoginFlags {
  readonly name?: string;
  readonly passwordStdin: boolean;
}

/** What signed-in people do, loaded once somebody does. */
const acts = (): Promise<typeof import('./staff-acts.ts')> => import('./staff-acts.ts');

/** What signed-in people do with accounts. */
const accounts = (): Promise<typeof import('./staff-accounts.ts')> => import('./staff-accounts.ts');

/** Every command that a person signs in for takes these. */
export const withLogin = (command: Command): Command =>
  command
    .option('--name <name>', 'your account; asked for on a terminal')
    .option('--password-stdin', 'read the password from standard input', false);

export const loginOf = ({ name, passwordStdin }: LoginFlags): LoginOptions => ({
  name: name ?? null,
  passwordStdin,
});

/** Adds what signed-in people do: see what waits, say what became of it, agree to what others propose. */
export function addStaffCommands(
  program: Command,
  globals: () => { readonly data: string; readonly json: boolean },
): void {
  const staff = program
    .command('staff')
    .description('what waits for people, and the accounts of those who decide it');

  withLogin(staff.command('items'))
    .description('cards and papers whose outcome people have to decide, and what they may say')
    .action(async (flags: LoginFlags) => {
      const { staffItems } = await acts();
      print(await staffItems(globals().data, loginOf(flags)), globals().json);
    });

  withLogin(staff.command('proposals'))
    .description('what one person proposed and another has to agree to')
    .action(async (flags: LoginFlags) => {
      const { staffProposals } = await acts();
      print(await staffProposals(globals().data, loginOf(flags)), globals().json);
    });

  withLogin(staff.command('resolve <attempt>'))
    .description('say what became of an attempt; for a card a second person has to agree')
    .requiredOption('--as <choice>', resolutionSchema.options.join(', '))
    .action(async (attemptId: string, flags: LoginFlags & { readonly as: string }) => {
      const choice = resolutionSchema.safeParse(flags.as);
      if (!choice.success) {
        return program.error(`--as is one of: ${resolutionSchema.options.join(', ')}`);
      }
      const decision = { attemptId, choice: choice.data };
      const { staffResolve } = await acts();
      print(await staffResolve(globals().data, loginOf(flags), decision), globals().json);
    });

  withLogin(staff.command('waive'))
    .description('vouch for whoever stands at the terminal, as the holder of the card that waits')
    .action(async (flags: LoginFlags) => {
      const { waiveHolderCheck } = await acts();
      print(await waiveHolderCheck(globals().data, loginOf(flags)), globals().json);
    });

  withLogin(staff.command('password'))
    .description(
      'choose a password that nobody else knows (standard input: the present one, then the new)',
    )
    .action(async (flags: LoginFlags) => {
      const { changePassword } = await accounts();
      print(await changePassword(globals().data, loginOf(flags)), globals().json);
    });

  withLogin(staff.command('people'))
    .description('who has an account, with which roles, and which accounts are closed')
    .action(async (flags: LoginFlags) => {
      const { staffPeople } = await accounts();
      print(await staffPeople(globals().data, loginOf(flags)), globals().json);
    });

  withLogin(staff.command('create <account>'))
    .description(
      'make an account, as an administrator; its roles never change, and its first password is for its holder to replace (standard input: your password, then the first one of the account)',
    )
    .addOption(
      new Option('--role <role...>', 'what the account may do; several are allowed')
        .choices(roleSchema.options)
        .makeOptionMandatory(),
    )
    .action(async (name: string, flags: LoginFlags & { readonly role: readonly Role[] }) => {
      const account = { name, roles: flags.role };
      const { createAccount } = await accounts();
      print(await createAccount(globals().data, loginOf(flags), account), globals().json);
    });

  withLogin(staff.command('disable <account>'))
    .description('close an account for good, as an administrator; not your own, and never the last')
    .action(async (account: string, flags: LoginFlags) => {
      const { disableAccount } = await accounts();
      print(await disableAccount(globals().data, loginOf(flags), account), globals().json);
    });

  withLogin(program.command('approve <proposal>'))
    .description('agree to what another person proposed: it is done with your yes')
    .option('--digest <digest>', 'what you agree to, for programs; on a terminal you are asked')
    .action(async (proposalId: string, flags: LoginFlags & { readonly digest?: string }) => {
      const yes = { proposalId, digest: flags.digest ?? null };
      const { approve } = await acts();
      print(await approve(globals().data, loginOf(flags), yes), globals().json);
    });

  withLogin(program.command('decline <proposal>'))
    .description('say no to a proposal, or take your own back')
    .action(async (proposalId: string, flags: LoginFlags) => {
      const { decline } = await acts();
      print(await decline(globals().data, loginOf(flags), proposalId), globals().json);
    });
}
