import { InvalidArgumentError, type Command } from 'commander';
import * as z from 'zod';
import { blankKindSchema, type BlankKind } from '../domain/document.ts';
import { incidentFindingSchema, type CountedPlace, type GraveAct } from '../domain/grave-act.ts';
import type { BlankRange } from '../issuance/stock/loading.ts';
import { print } from './output.ts';
import { loginOf, withLogin } from './staff-commands.ts';
import type { StockFiles } from './stock-reports.ts';

interface LoginFlags {
  readonly name?: string;
  readonly passwordStdin: boolean;
}

const kindOf = (text: string): BlankKind => {
  const kind = blankKindSchema.safeParse(text);
  if (!kind.success) throw new InvalidArgumentError('--kind is ktpEl, ktpElWna or kia');
  return kind.data;
};

const countUpTo =
  (least: number, most: number) =>
  (text: string): number => {
    const count = z.coerce
      .number()
      .int()
      .min(least)
      .max(most)
      .safeParse(text === '' ? NaN : text);
    if (!count.success) throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
    return count.data;
  };

const withRange = (command: Command): Command =>
  command
    .requiredOption('--feeder <name>', 'feeder, as the configuration names it')
    .requiredOption('--kind <kind>', 'ktpEl, ktpElWna or kia', kindOf)
    .requiredOption('--batch <number>', 'batch, as printed on the box')
    .requiredOption(
      '--first-serial <serial>',
      'serial of the first blank; the others count up from it',
    )
    .requiredOption('--count <n>', 'how many', countUpTo(1, 2_000));

const actOn = <A extends 'loadStock' | 'unloadStock'>(
  action: A,
  { feeder, kind, batch, firstSerial, count }: BlankRange,
) => ({ action, feeder, blankKind: kind, batch, firstSerial, count });

/** `SERIAL:KIND:BATCH`, as people read it off a blank that the ledger has elsewhere or not at all. */
const foundOf = (text: string, before: readonly FoundBlank[] = []): readonly FoundBlank[] => {
  const [serial = '', kind = '', batch = ''] = text.split(':');
  if (serial === '' || batch === '') throw new InvalidArgumentError('is SERIAL:KIND:BATCH');
  return [...before, { serial, kind: kindOf(kind), batch }];
};
type FoundBlank = Extract<GraveAct, { action: 'correctStock' }>['found'][number];

const serialsOf = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').filter((serial) => serial !== ''),
];

const placeOf = (text: string): CountedPlace =>
  text === 'rejectBin' || text === 'captureBin' ? { in: text } : { in: 'feeder', feeder: text };

/** Adds what people do with blanks, and what the ledger tells. */
export function addStockCommands(
  program: Command,
  globals: () => { readonly data: string; readonly json: boolean },
  configFile: () => string,
): void {
  const stock = program.command('stock').description('blanks: the ledger of controlled stock');
  const files = (): StockFiles => ({ dataFolder: globals().data, configFile: configFile() });
  const propose = async (login: LoginFlags, act: GraveAct): Promise<void> => {
    const { proposeAct } = await import('./staff-acts.ts');
    print(await proposeAct(globals().data, loginOf(login), act), globals().json);
  };
  const reports = (): Promise<typeof import('./stock-reports.ts')> => import('./stock-reports.ts');

  withLogin(withRange(stock.command('load')))
    .description(
      'propose that blanks were put into a feeder; a second person agrees. Without --name, while core is down: what a simulated cabinet of specimen mode fills itself with, and nothing else',
    )
    .action(async (flags: BlankRange & LoginFlags) => {
      if (flags.name !== undefined) return propose(flags, actOn('loadStock', flags));
      const { feeder, kind, batch, firstSerial, count } = flags;
      const load = { feeder, kind, batch, firstSerial, count };
      const { stockLoad } = await import('./stock-load.ts');
      print(await stockLoad(globals().data, configFile(), load), globals().json);
    });

  withLogin(withRange(stock.command('unload')))
    .description('propose that blanks were taken out and returned; a second person agrees')
    .action((flags: BlankRange & LoginFlags) => propose(flags, actOn('unloadStock', flags)));

  withLogin(stock.command('count <place>'))
    .description(
      'what you counted in a feeder, in rejectBin or in captureBin; a difference becomes an incident',
    )
    .requiredOption('--counted <n>', 'how many lie there', countUpTo(0, 10_000))
    .action((place: string, flags: LoginFlags & { readonly counted: number }) =>
      propose(flags, { action: 'countStock', place: placeOf(place), counted: flags.counted }),
    );

  withLogin(stock.command('correct <incident>'))
    .description(
      'propose to settle a difference by the serials that make it up; a second person agrees',
    )
    .option('--missing <serials>', 'in the ledger and not there, separated by commas', serialsOf)
    .option('--found <SERIAL:KIND:BATCH>', 'there and not in the ledger; may be repeated', foundOf)
    .action(
      (
        incidentId: string,
        flags: LoginFlags & {
          readonly missing?: readonly string[];
          readonly found?: readonly FoundBlank[];
        },
      ) => {
        const { missing = [], found = [] } = flags;
        const act = {
          action: 'correctStock',
          incidentId,
          missing: [...missing],
          found: [...found],
        };
        return propose(flags, act as Extract<GraveAct, { action: 'correctStock' }>);
      },
    );

  withLogin(stock.command('close <incident>'))
    .description('propose to close an incident by what was found; a second person agrees')
    .requiredOption('--finding <word>', incidentFindingSchema.options.join(', '))
    .action((incidentId: string, flags: LoginFlags & { readonly finding: string }) => {
      const finding = incidentFindingSchema.safeParse(flags.finding);
      if (!finding.success) {
        return program.error(`--finding is one of: ${incidentFindingSchema.options.join(', ')}`);
      }
      return propose(flags, { action: 'closeIncident', incidentId, finding: finding.data });
    });

  withLogin(stock.command('empty-bin <bin>'))
    .description('propose that rejectBin or captureBin was emptied; a second person agrees')
    .requiredOption('--counted <n>', 'how many you took out', countUpTo(0, 10_000))
    .action((bin: string, flags: LoginFlags & { readonly counted: number }) =>
      bin === 'rejectBin' || bin === 'captureBin'
        ? propose(flags, { action: 'emptyBin', bin, counted: flags.counted })
        : program.error('the bin is rejectBin or captureBin'),
    );

  withLogin(stock.command('test-card'))
    .description(
      'propose to print a test card on the next blank of a feeder and drop it into the reject bin; a second person agrees. Never in live mode, and not while a citizen is at the terminal',
    )
    .requiredOption('--feeder <name>', 'feeder, as the configuration names it')
    .action((flags: LoginFlags & { readonly feeder: string }) =>
      propose(flags, { action: 'printTestCard', feeder: flags.feeder }),
    );

  stock
    .command('test-cards')
    .description('the newest test cards, and what became of each')
    .action(async () => {
      const { stockTestCards } = await import('./stock-test-cards.ts');
      print(await stockTestCards(files()), globals().json);
    });

  stock
    .command('balance')
    .description('where every blank is, kind by kind')
    .action(async () => {
      const { stockBalance } = await reports();
      print(await stockBalance(files()), globals().json);
    });

  stock
    .command('forecast')
    .description('for how many more open days the blanks last')
    .action(async () => {
      const { stockForecast } = await reports();
      print(await stockForecast(files()), globals().json);
    });

  stock
    .command('day [day]')
    .description(
      'opening, what came and went, and closing of a day such as 2026-01-05 (default: today)',
    )
    .action(async (day: string | undefined) => {
      const { stockDay } = await reports();
      print(await stockDay(files(), day ?? null), globals().json);
    });

  stock
    .command('incidents')
    .description('what was found to differ from the ledger')
    .action(async () => {
      const { stockIncidents } = await reports();
      print(await stockIncidents(files()), globals().json);
    });

  stock
    .command('berita-acara [emptying]')
    .description(
      'the PDF of blanks taken out of the reject bin: last, open, or the row of the emptying',
    )
    .requiredOption('--out <file>', 'where the PDF goes')
    .action(async (emptying: string | undefined, { out }: { readonly out: string }) => {
      const which = emptying ?? 'last';
      const seq = z.coerce.number().int().positive().safeParse(which);
      if (which !== 'last' && which !== 'open' && !seq.success) {
        return program.error('the emptying is last, open, or the number of its row');
      }
      const ask = which === 'last' || which === 'open' ? which : (seq.data ?? 'last');
      const { stockBeritaAcara } = await import('./stock-berita-acara.ts');
      print(await stockBeritaAcara(files(), { emptying: ask, out }), globals().json);
    });
}
