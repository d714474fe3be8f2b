import path from 'node:path';
import { Command, Option } from 'commander';
import { VERSION } from '../core/version.ts';
import { addJournalCommands } from './journal-commands.ts';
import { GOOD, NO_ANSWER, print } from './output.ts';
import { addStaffCommands } from './staff-commands.ts';
import { addStockCommands } from './stock-commands.ts';

/** The command tree. Each command loads what it works with when it is called: loading all would be most of its time. */
export const program = new Command('anjungan');
program
  .description(
    'Looks after an Anjungan terminal: a self-service printer of population documents.\n' +
      'Exit status: 0 good, 1 bad news, 2 the question could not be answered.',
  )
  .version(VERSION)
  .addOption(
    new Option('--data <folder>', 'data folder of the terminal').env('ANJUNGAN_DATA').default('.'),
  )
  .option('--json', 'answer as JSON, for programs', false)
  .showHelpAfterError()
  // A question that was not understood is not bad news about the terminal.
  .exitOverride(({ exitCode }) => process.exit(exitCode === GOOD ? GOOD : NO_ANSWER));

interface Globals {
  readonly data: string;
  readonly json: boolean;
}
const globals = (): Globals => program.opts<Globals>();
const configFile = (): string => path.join(globals().data, 'config/anjungan.toml');

program
  .command('status')
  .description('what works now, what does not, and what each device asks for')
  .action(async () => {
    const { status } = await import('./status.ts');
    print(await status(globals().data), globals().json);
  });

program
  .command('devices')
  .summary('what USB, HID and serial show: expected, missing, unknown')
  .description(
    'What USB, HID and serial show: expected, missing, unknown.\n' +
      'Exit status: 1 a device is missing, cannot be told from another, or is not in the configuration; 2 a device could not be looked for, whatever else was found.',
  )
  .action(async () => {
    const { devices } = await import('./devices.ts');
    print(await devices(configFile()), globals().json);
  });

program
  .command('config')
  .description('the configuration')
  .command('check [file]')
  .description(
    'what core would refuse at start in the file, its keys and certificates, its drivers and their options',
  )
  .action(async (file: string | undefined) => {
    const { configCheck } = await import('./config-check.ts');
    print(await configCheck(file ?? configFile()), globals().json);
  });

addJournalCommands(program, globals);

addStockCommands(program, globals, configFile);
addStaffCommands(program, globals);
