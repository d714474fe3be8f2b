import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { OwnerAsk } from './journal-owner.ts';
import { print } from './output.ts';

interface Who {
  readonly by: string;
  readonly reason: string;
}

/** `anjungan journal …`; all but `verify` work while core is down, for the owner of the data folder. */
export function addJournalCommands(
  program: Command,
  globals: () => { readonly data: string; readonly json: boolean },
): void {
  const journal = program
    .command('journal')
    .description('the record of what the terminal did, and who was there');
  const owned = (name: string): Command =>
    journal
      .command(name)
      .requiredOption('--by <name>', 'who does this; goes on record')
      .requiredOption(
        '--reason <text>',
        'why; goes on record in clear: name the request and not the person',
      );
  const ask = ({ by, reason }: Who): OwnerAsk => ({
    dataFolder: globals().data,
    configFile: path.join(globals().data, 'config/anjungan.toml'),
    name: by,
    reason,
  });

  journal
    .command('verify')
    .description('read the whole record and say whether it holds, and if not, where it breaks')
    .option('--anchors <file|url>', 'signed heads that the registry keeps')
    .option('--key <pem>', 'public key of the journal (default: keys/journal.pub.pem)')
    .option(
      '--tls <pem>',
      'client certificate, its key and the CA in one file, for an anchors URL (default: those of the configured registry)',
    )
    .action(async (options: { anchors?: string; key?: string; tls?: string }) => {
      const { data, json } = globals();
      const { anchors = null, key = null, tls = null } = options;
      const { journalVerify } = await import('./journal-verify.ts');
      print(await journalVerify({ dataFolder: data, anchors, key, tls }), json);
    });

  owned('visitors')
    .description('who was at this terminal, while core is down; the look itself goes on record')
    .requiredOption('--from <day|moment>', 'such as 2026-01-05, or 2026-01-05T08:00:00+07:00')
    .requiredOption('--to <day|moment>', 'the same; a day is included')
    .option('--csv', 'answer as CSV, for a spreadsheet', false)
    .action(async (options: Who & { from: string; to: string; csv: boolean }) => {
      const { from, to, csv: asCsv } = options;
      const { journalVisitors } = await import('./journal-visitors.ts');
      print(await journalVisitors({ ...ask(options), from, to, asCsv }), globals().json);
    });

  owned('erase')
    .description('erase personal fields for good, while core is down')
    .option('--case <id>', 'one case')
    .option('--request <id>', 'all cases of one request of the registry')
    .option('--nik-stdin', 'all cases of the claimant whose NIK comes on standard input', false)
    .action(async (options: Who & { case?: string; request?: string; nikStdin: boolean }) => {
      const { case: caseId = null, request: requestId = null } = options;
      const nik = options.nikStdin ? await text(process.stdin) : null;
      const { journalErase } = await import('./journal-erase.ts');
      print(await journalErase({ ...ask(options), caseId, requestId, nik }), globals().json);
    });

  owned('accept-loss')
    .description('take note that rows or case keys are lost, so that the terminal may go on')
    .action(async (options: Who) => {
      const { journalAcceptLoss } = await import('./journal-accept-loss.ts');
      print(await journalAcceptLoss(ask(options)), globals().json);
    });
}
