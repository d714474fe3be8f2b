import { describe } from '@jest/globals';
import type { CardPrinterStatus } from '../../../drivers/contract/card-printer.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import {
  SimulatedEvolisPrinter,
  type PrintedCard,
} from '../../../drivers/evolis-card-printer/simulator.ts';
import { err, ok } from '../../../src/base/result.ts';
import { blanks, evolisRig, feeders } from '../../drivers/evolis-card-printer/evolis-rig.ts';
import { cardPrinterConformance } from '../card-printer-suite.ts';
import { evolisCameOut } from '../evolis-came-out.ts';
import { titleOf, type Mutant } from './mutant.ts';

type Handlers = CommandHandlers<'cardPrinter'>;

interface PrinterMutant extends Mutant {
  /** The commands that it carries out in another way. */
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
  /** What the printer makes of a card in secret: it counts, answers and reports as ever. */
  readonly misprints?: (card: PrintedCard) => PrintedCard;
}

const RIBBON = 'ymckok';

class MisprintingPrinter extends SimulatedEvolisPrinter {
  readonly #misprints: (card: PrintedCard) => PrintedCard;

  constructor(misprints: (card: PrintedCard) => PrintedCard) {
    super({ ribbon: RIBBON });
    this.#misprints = misprints;
    this.load(1, blanks('ktpEl', 3));
    this.load(2, blanks('kia', 3, 101));
  }

  override receive(bytes: Uint8Array): Uint8Array {
    const before = this.exit.length;
    const answer = super.receive(bytes);
    this.exit.push(...this.exit.splice(before).map(this.#misprints));
    return answer;
  }
}

const capabilities = {
  exitSensor: false,
  retract: false,
  rejectBin: true,
  rejectCount: false,
  cardPosition: false,
  counters: false,
  flip: true,
  contactless: true,
  serialReader: false,
  completedMeans: 'deviceReported' as const,
  feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind })),
};

const withStatus = (change: Partial<CardPrinterStatus>) => (right: Handlers) => ({
  getStatus: async () => {
    const status = await right.getStatus({});
    return status.ok ? ok({ ...status.value, ...change }) : status;
  },
});
const fed = () => Promise.resolve(ok({ serial: null, blankKind: null }));

const mutants: readonly PrinterMutant[] = [
  { name: 'as it is', noticedBy: null },
  {
    name: 'claims counters',
    noticedBy: 'claims the capabilities',
    wrong: () => ({
      getCapabilities: () => Promise.resolve(ok({ ...capabilities, counters: true })),
    }),
  },
  {
    name: 'says empty without seeing',
    noticedBy: 'is online, and says that it is empty only',
    wrong: withStatus({ media: 'notPresent' }),
  },
  {
    name: 'prints where no card is',
    noticedBy: 'moves nothing where no card is',
    wrong: () => ({ printSide: () => Promise.resolve(ok({})) }),
  },
  {
    name: 'tells a serial that it cannot read',
    noticedBy: 'feeds one blank',
    wrong: (right) => ({
      feedBlank: async (params) => {
        const answer = await right.feedBlank(params);
        return answer.ok ? ok({ ...answer.value, serial: 'KTP-000001' }) : answer;
      },
    }),
  },
  {
    name: 'feeds a second blank onto the first',
    noticedBy: 'never feeds a second blank',
    wrong: () => ({ feedBlank: fed }),
  },
  {
    name: 'refuses a second blank by a code that no sense bears out',
    noticedBy: 'never feeds a second blank',
    wrong: (right) => ({
      feedBlank: async (params) => {
        const answer = await right.feedBlank(params);
        return answer.ok || answer.error.kind !== 'notReady'
          ? answer
          : err({ kind: 'commandError', errorCode: 'mediaPresent' });
      },
    }),
  },
  {
    name: 'does not notice an empty feeder',
    noticedBy: 'says so when a feeder is empty',
    wrong: () => ({ feedBlank: fed }),
  },
  {
    name: 'takes any feeder',
    noticedBy: 'refuses a feeder that it has not got',
    wrong: () => ({ feedBlank: fed }),
  },
  {
    name: 'does not turn the card',
    noticedBy: 'prints the front, and the back',
    wrong: (right) => ({
      printSide: (params) =>
        params.side === 'front'
          ? right.printSide(params)
          : Promise.resolve({ ok: false, error: { kind: 'unsupported' } }),
    }),
  },
  {
    name: 'is a printer that drops a side',
    noticedBy: 'prints the front, and the back',
    misprints: (card) => ({ ...card, back: [] }),
  },
  {
    name: 'is a printer that prints one side twice',
    noticedBy: 'prints the front, and the back',
    misprints: (card) => ({ ...card, front: [...card.front, ...card.front] }),
  },
  {
    name: 'prints nothing and says it did',
    noticedBy: 'prints the front, and the back',
    wrong: () => ({ printSide: () => Promise.resolve(ok({})) }),
  },
  {
    name: 'says presented without an exit sensor',
    noticedBy: 'presents the card',
    wrong: () => ({ lastPresentStatus: () => Promise.resolve(ok({ presented: 'presented' })) }),
  },
  {
    name: 'rejects nothing and says it did',
    noticedBy: 'drops a card into the reject bin',
    wrong: () => ({ rejectCard: () => Promise.resolve(ok({ counters: null })) }),
  },
  {
    name: 'makes every command to the chip good',
    noticedBy: 'carries commands to the chip',
    wrong: (right) => ({
      transmitToChip: async (params) => {
        const answer = await right.transmitToChip(params);
        return answer.ok ? ok({ responseHex: '9000' }) : answer;
      },
    }),
  },
];

for (const mutant of mutants) {
  describe(titleOf(mutant), () => {
    cardPrinterConformance(
      'it',
      capabilities,
      async () => {
        const made = evolisRig({
          options: { ribbon: RIBBON },
          printer: new MisprintingPrinter(mutant.misprints ?? ((card) => card)),
          station: true,
        });
        const { driver: real, events, printer } = made;
        await real.start();
        const inputOf = (feeder: string) => (feeder === 'kia' ? 2 : 1);
        const handlers = { ...real.handlers, ...mutant.wrong?.(real.handlers) };
        return {
          driver: { ...real, handlers },
          events,
          takeCardAtExit: () => {
            printer.exit.pop();
            return Promise.resolve();
          },
          emptyFeeder: (feeder) => {
            printer.emptyFeeder(inputOf(feeder));
            return Promise.resolve();
          },
          layStrayIn: (feeder) => {
            const [stray] = blanks(feeder === 'kia' ? 'ktpEl' : 'kia', 1, 901);
            if (stray === undefined) return Promise.reject(new Error('there is no stray'));
            printer.emptyFeeder(inputOf(feeder));
            printer.load(inputOf(feeder), [stray]);
            return Promise.resolve(stray);
          },
          cameOut: () => evolisCameOut(printer),
          stop: () => real.stop(),
        };
      },
      { seesEmptyFeeder: true, oneJob: false, refusesBy: 'notReady' },
    );
  });
}
