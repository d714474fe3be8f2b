import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { VERSION } from '../core/version.ts';
import { configCheck } from './config-check.ts';
import { devices } from './devices.ts';
import { addJournalCommands } from './journal-commands.ts';
import { blankKindSchema } from '../domain/document.ts';
import { GOOD, NO_ANSWER, print } from './output.ts';
import { addStaffCommands } from './staff-commands.ts';
import { status } from './status.ts';
import { stockLoad } from './stock-load.ts';

const program = new Command('anjungan');
program
  .description(
    'Looks after an Anjungan terminal: a self-service printer of population documents.\n' +
      'Exit status: 0 good, 1 bad news, 2 the question could not be answered.',
  )
  .version(VERSION)
  .option('--data <folder>', 'data folder of the terminal', process.env['ANJUNGAN_DATA'] ?? '.')
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
  .action(async () => print(await status(globals().data), globals().json));

program
  .command('devices')
  .description('what USB, HID and serial show: expected, missing, unknown')
  .action(async () => print(await devices(configFile()), globals().json));

program
  .command('config')
  .description('the configuration')
  .command('check [file]')
  .description(
    'what core would refuse at start in the file, its keys and certificates, its drivers and their options',
  )
  .action(async (file: string | undefined) =>
    print(await configCheck(file ?? configFile()), globals().json),
  );

addJournalCommands(program, globals);

program
  .command('stock')
  .description('blanks: the ledger of controlled stock')
  .command('load')
  .description('record specimen blanks that were put into a feeder, while core is down')
  .requiredOption('--feeder <name>', 'feeder, as the configuration names it')
  .requiredOption('--kind <kind>', 'ktpEl, ktpElWna or kia')
  .requiredOption('--batch <number>', 'batch, as printed on the box')
  .requiredOption(
    '--first-serial <serial>',
    'serial of the first blank; the others count up from it',
  )
  .requiredOption('--count <n>', 'how many')
  .action(
    async (options: Record<'feeder' | 'kind' | 'batch' | 'firstSerial' | 'count', string>) => {
      const { feeder, batch, firstSerial } = options;
      const kind = blankKindSchema.safeParse(options.kind);
      const count = z.coerce.number().int().min(1).max(2000).safeParse(options.count);
      if (!kind.success || !count.success) {
        return program.error(
          '--kind is ktpEl, ktpElWna or kia, and --count a whole number up to 2000',
        );
      }
      const load = { feeder, kind: kind.data, batch, firstSerial, count: count.data };
      print(await stockLoad(globals().data, configFile(), load), globals().json);
    },
  );

addStaffCommands(program, globals);

await program.parseAsync();
