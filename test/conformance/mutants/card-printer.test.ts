import type { CommandHandlers, EmitEvent } from '../../../drivers/contract/driver.ts';
import {
  SimulatedEvolisPrinter,
  type PrintedCard,
} from '../../../drivers/evolis-card-printer/simulator.ts';
import { err, ok } from '../../../src/base/result.ts';
import { blanks, evolisRig, feeders } from '../../drivers/evolis-card-printer/evolis-rig.ts';
import { capabilitiesOf, openSimulatedCardPrinter } from '../card-printer-simulated.ts';
import { cardPrinterCases, type CardPrinterRig } from '../card-printer-suite.ts';
import { evolisHands } from '../evolis-hands.ts';
import { answering, driverWith, proveSuite, saying, type Mutant } from './proved.ts';

type Handlers = CommandHandlers<'cardPrinter'>;
type Emit = EmitEvent<'cardPrinter'>;

interface PrinterMutant extends Mutant {
  /** The commands that it carries out in another way. */
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
  /** What becomes of an event on its way out. */
  readonly emitting?: (emit: Emit) => Emit;
  /** What the printer makes of a card in secret: it counts, answers and reports as ever. */
  readonly misprints?: (card: PrintedCard) => PrintedCard;
}

const answers = answering<'cardPrinter'>();
const says = saying<'cardPrinter'>();
const done = () => Promise.resolve(ok({}));
const fed = () => Promise.resolve(ok({ serial: null, blankKind: null }));
const refused = <C extends string>(errorCode: C) =>
  err({ kind: 'commandError', errorCode } as const);

/** On a printer that sees little: what it must not say, and what it does in secret. */
const onEvolis: readonly PrinterMutant[] = [
  {
    is: 'claims counters',
    noticedBy: ['claims the capabilities'],
    wrong: says('getCapabilities', (told) => ({ ...told, counters: true })),
  },
  {
    is: 'says empty without seeing',
    noticedBy: ['is online, and says that it is empty only'],
    wrong: says('getStatus', (told) => ({ ...told, media: 'notPresent' })),
  },
  {
    is: 'prints where no card is',
    noticedBy: ['moves nothing where no card is'],
    wrong: () => ({ printSide: done }),
  },
  {
    is: 'tells a serial that it cannot read',
    noticedBy: ['feeds one blank', 'feeds a stray like any blank'],
    wrong: says('feedBlank', (told) => ({ ...told, serial: 'KTP-000001' })),
  },
  {
    is: 'feeds a second blank onto the first',
    noticedBy: ['never feeds a second blank'],
    wrong: () => ({ feedBlank: fed }),
  },
  {
    is: 'refuses a second blank by a code that no sense bears out',
    noticedBy: ['never feeds a second blank'],
    wrong: answers('feedBlank', (answer) =>
      answer.ok || answer.error.kind !== 'notReady' ? answer : refused('mediaPresent'),
    ),
  },
  {
    is: 'does not notice an empty feeder, and takes any',
    noticedBy: ['says so when a feeder is empty', 'refuses a feeder that it has not got'],
    wrong: () => ({ feedBlank: fed }),
  },
  {
    is: 'does not turn the card',
    noticedBy: ['prints the front, and the back'],
    wrong: (right) => ({
      printSide: (params) =>
        params.side === 'front'
          ? right.printSide(params)
          : Promise.resolve(err({ kind: 'unsupported' })),
    }),
  },
  {
    is: 'drops a side',
    noticedBy: ['prints the front, and the back'],
    misprints: (card) => ({ ...card, back: [] }),
  },
  {
    is: 'prints one side twice',
    noticedBy: ['prints the front, and the back'],
    misprints: (card) => ({ ...card, front: [...card.front, ...card.front] }),
  },
  {
    is: 'prints nothing and says it did',
    noticedBy: ['prints the front, and the back'],
    wrong: () => ({ printSide: done }),
  },
  {
    is: 'says presented without an exit sensor',
    noticedBy: ['presents the card'],
    wrong: () => ({ lastPresentStatus: () => Promise.resolve(ok({ presented: 'presented' })) }),
  },
  {
    is: 'says not presented without a sense for it',
    noticedBy: ['says not presented while a card is inside'],
    wrong: () => ({ lastPresentStatus: () => Promise.resolve(ok({ presented: 'notPresented' })) }),
  },
  {
    is: 'calls the exit empty where it cannot see',
    noticedBy: ['says nothing of a card that was taken'],
    wrong: (right) => {
      let asked = 0;
      return says('getStatus', (told) => ({
        ...told,
        media: asked++ > 0 ? 'notPresent' : 'unknown',
      }))(right);
    },
  },
  {
    is: 'says that it drew back without a motor for it',
    noticedBy: ['draws a card back'],
    wrong: () => ({ retractCard: () => Promise.resolve(ok({ counters: null })) }),
  },
  {
    is: 'rejects nothing and says it did',
    noticedBy: ['drops a card into the reject bin'],
    wrong: () => ({ rejectCard: () => Promise.resolve(ok({ counters: null })) }),
  },
  {
    is: 'rejects out of its exit',
    noticedBy: ['drops a card into the reject bin', 'feeds a stray like any blank'],
    wrong: (right) => ({
      rejectCard: async () => {
        const presented = await right.presentCard({});
        return presented.ok ? ok({ counters: null }) : refused('noMedia');
      },
    }),
  },
  {
    is: 'makes every command to the chip good',
    noticedBy: ['carries commands to the chip'],
    wrong: says('transmitToChip', () => ({ responseHex: '9000' })),
  },
];

/** Stops counting one kind of events. */
const notCounting = (count: 'fed' | 'printedSides' | 'taken') =>
  says('getStatus', ({ counters, ...told }) => ({
    ...told,
    counters: counters === null ? null : { ...counters, [count]: 0 },
  }));

const not =
  (kept: string) =>
  (emit: Emit): Emit =>
  (event, payload) => {
    if (event !== kept) emit(event, payload);
  };

/** Counts what its machine was not told to do, once. */
const pretending =
  (counts: 'retracted' | 'rejected', command: 'retractCard' | 'rejectCard') =>
  (right: Handlers): Partial<Handlers> => {
    let pretended = false;
    return {
      [command]: async () => {
        const status = await right.getStatus({});
        const counters = status.ok ? status.value.counters : null;
        if (pretended || counters === null) return refused('noMedia');
        pretended = true;
        return ok({ counters: { ...counters, [counts]: counters[counts] + 1 } });
      },
    };
  };

/** On a printer that sees all: what it must not keep to itself. */
const onFull: readonly PrinterMutant[] = [
  {
    is: 'claims to be without its exit sensor',
    noticedBy: ['claims the capabilities'],
    wrong: says('getCapabilities', (told) => ({ ...told, exitSensor: false })),
  },
  {
    is: 'keeps its counters to itself',
    noticedBy: ['is online, and says', 'feeds one blank'],
    wrong: says('getStatus', (told) => ({ ...told, counters: null })),
  },
  {
    is: 'does not count what it feeds',
    noticedBy: ['feeds one blank'],
    wrong: notCounting('fed'),
  },
  {
    is: 'feeds whatever is there by a serial of its own making',
    noticedBy: ['feeds a stray like any blank'],
    wrong: says('feedBlank', (told) => ({ ...told, serial: 'KTP-000001' })),
  },
  {
    is: 'takes a stray for what its feeder is for',
    noticedBy: ['feeds a stray like any blank'],
    wrong: says('feedBlank', (told) => ({ ...told, blankKind: 'ktpEl' })),
  },
  {
    is: 'does not count what it prints',
    noticedBy: ['prints the front, and the back'],
    wrong: notCounting('printedSides'),
  },
  {
    is: 'says that a card is at the exit while it is inside',
    noticedBy: ['feeds one blank', 'feeds a stray like any blank'],
    wrong: says('getStatus', (told) => ({
      ...told,
      media: told.media === 'present' ? 'atExit' : told.media,
    })),
  },
  {
    is: 'says presented while the card is inside',
    noticedBy: ['says not presented while a card is inside'],
    wrong: says('lastPresentStatus', () => ({ presented: 'presented' })),
  },
  {
    is: 'presents nothing and says it did',
    noticedBy: ['presents the card'],
    wrong: () => ({ presentCard: () => Promise.resolve(ok({ media: 'atExit' })) }),
  },
  {
    is: 'does not tell by itself that a card lies at the exit',
    noticedBy: ['presents the card'],
    emitting: not('mediaPresented'),
  },
  {
    is: 'does not tell that the card was taken',
    noticedBy: ['tells when the card was taken'],
    emitting: not('mediaTaken'),
  },
  {
    is: 'does not count a card that was taken',
    noticedBy: ['tells when the card was taken'],
    wrong: notCounting('taken'),
  },
  {
    is: 'sees a card at the exit that was taken',
    noticedBy: ['tells when the card was taken'],
    wrong: says('getStatus', (told) => ({ ...told, media: 'atExit' })),
  },
  {
    is: 'draws nothing back, and says and counts that it did',
    noticedBy: ['draws a card back'],
    wrong: pretending('retracted', 'retractCard'),
  },
  {
    is: 'draws back and does not count it',
    noticedBy: ['draws a card back'],
    wrong: says('retractCard', ({ counters }) => ({
      counters: counters === null ? null : { ...counters, retracted: 0 },
    })),
  },
  {
    is: 'rejects nothing, and says and counts that it did',
    noticedBy: ['drops a card into the reject bin'],
    wrong: pretending('rejected', 'rejectCard'),
  },
  {
    is: 'rejects and does not count it',
    noticedBy: ['drops a card into the reject bin'],
    wrong: says('rejectCard', ({ counters }) => ({
      counters: counters === null ? null : { ...counters, rejected: 0 },
    })),
  },
  {
    is: 'feeds from a feeder that is empty',
    noticedBy: ['says so when a feeder is empty'],
    wrong: () => ({ feedBlank: fed }),
  },
  {
    is: 'calls an empty feeder full',
    noticedBy: ['says so when a feeder is empty'],
    wrong: says('getStatus', (told) => ({
      ...told,
      feeders: told.feeders.map((feeder) => ({ ...feeder, level: 'full' as const })),
    })),
  },
];

const RIBBON = 'ymckok';
const EVOLIS = {
  ...capabilitiesOf('bare'),
  rejectBin: true,
  flip: true,
  contactless: true,
  feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind })),
};

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

async function withEvolis(
  { wrong = () => ({}), misprints = (card) => card }: Partial<PrinterMutant>,
  prove: (rig: CardPrinterRig) => Promise<void>,
): Promise<void> {
  const { driver, events, printer } = evolisRig({
    options: { ribbon: RIBBON },
    printer: new MisprintingPrinter(misprints),
    station: true,
  });
  await driver.start();
  try {
    await prove({
      driver: driverWith(driver, wrong(driver.handlers)),
      events,
      ...evolisHands(printer),
      stop: () => driver.stop(),
    });
  } finally {
    await driver.stop();
  }
}

async function withCabinet(
  { wrong = () => ({}), emitting }: Partial<PrinterMutant>,
  prove: (rig: CardPrinterRig) => Promise<void>,
): Promise<void> {
  const rig = await openSimulatedCardPrinter('full', emitting);
  try {
    await prove({ ...rig, driver: driverWith(rig.driver, wrong(rig.driver.handlers)) });
  } finally {
    await rig.stop();
  }
}

proveSuite('card printers', [
  {
    cases: cardPrinterCases(EVOLIS, {
      seesEmptyFeeder: true,
      oneJob: false,
      refusesBy: 'notReady',
    }),
    mutants: onEvolis,
    on: withEvolis,
  },
  { cases: cardPrinterCases(capabilitiesOf('full')), mutants: onFull, on: withCabinet },
]);
