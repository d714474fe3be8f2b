import { expect } from '@jest/globals';
import type {
  CardPrinterCapabilities,
  CardPrinterStatus,
} from '../../drivers/contract/card-printer.ts';
import type { CommandHandlers, Driver } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, withHelp, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

/** What does not follow from the capabilities of a printer. */
export interface CardPrinterTraits {
  /** Tells that a feeder is empty before anything is asked of it. */
  readonly seesEmptyFeeder: boolean;
  /** Takes a card from feeder to exit in `presentCard` alone, so that nothing is inside before. */
  readonly oneJob: boolean;
  /** How it says before a movement that nothing moves: by a code that its own senses bear out, or as `notReady`. */
  readonly refusesBy: 'errorCode' | 'notReady';
}

export interface CardOut {
  readonly sides: readonly ('front' | 'back')[];
}

/** A card printer with at least three right blanks in each feeder, and somebody's hands. */
export interface CardPrinterRig {
  readonly driver: Driver<'cardPrinter'>;
  readonly events: EventLog<'cardPrinter'>;
  takeCardAtExit(): Promise<void>;
  emptyFeeder(name: string): Promise<void>;
  /** Empties a feeder and lays one blank of another kind than its own into it; says what it is. */
  layStrayIn(name: string): Promise<{ readonly serial: string; readonly blankKind: string }>;
  /**
   * Each card that lies at the exit, with its sides as often and in the order as they were printed; null where nobody
   * sees the cards.
   */
  readonly cameOut: (() => readonly CardOut[] | Promise<readonly CardOut[]>) | null;
  stop(): Promise<void>;
}

const front = {
  side: 'front',
  widthDots: 1012,
  heightDots: 638,
  rgbBase64: Buffer.alloc(1012 * 638 * 3, 255).toString('base64'),
} as const;

const BY_ITS_SENSES: CardPrinterTraits = {
  seesEmptyFeeder: true,
  oneJob: false,
  refusesBy: 'errorCode',
};

/** What every card printer of the class keeps, whatever it can tell. Capabilities are what it claims. */
export function cardPrinterCases(
  capabilities: CardPrinterCapabilities,
  { seesEmptyFeeder, oneJob, refusesBy }: CardPrinterTraits = BY_ITS_SENSES,
): readonly Case<CardPrinterRig>[] {
  const feeder = capabilities.feeders[0] ?? { name: 'none', blankKind: 'none' };
  const feedOne = { feeder: feeder.name, blankKind: feeder.blankKind };

  const help = (rig: CardPrinterRig) => {
    const printer: CommandHandlers<'cardPrinter'> = checked(rig.driver);
    return {
      rig,
      printer,
      status: async (): Promise<CardPrinterStatus> => valueOf(await printer.getStatus({})),
      fed: async (): Promise<void> => void valueOf(await printer.feedBlank(feedOne)),
      /** Whoever sees what comes out sees this one card. */
      cameOut: async (card: CardOut): Promise<void> => {
        expect((await rig.cameOut?.()) ?? [card]).toEqual([card]);
      },
      /** Whoever sees what comes out sees nothing. */
      noneCameOut: async (): Promise<void> => {
        expect((await rig.cameOut?.()) ?? []).toEqual([]);
      },
    };
  };
  const refused = (errorCode: string) => ({
    ok: false,
    error: { kind: 'commandError', errorCode },
  });
  const notBegun = (reason: string) =>
    refusesBy === 'errorCode'
      ? refused(reason)
      : { ok: false, error: { kind: 'notReady', reason } };
  const unsupported = { ok: false, error: { kind: 'unsupported' } };

  return withHelp(help, [
    {
      title: 'claims the capabilities it is tested for',
      prove: async ({ printer }) => {
        expect(valueOf(await printer.getCapabilities({}))).toEqual(capabilities);
      },
    },

    {
      title: 'is online, and says that it is empty only if it can see that',
      prove: async ({ status }) => {
        const { state, media, counters } = await status();
        expect(state).toBe('online');
        expect(media).toBe(capabilities.cardPosition ? 'notPresent' : 'unknown');
        expect(counters === null).toBe(!capabilities.counters);
      },
    },

    {
      title: 'moves nothing where no card is',
      prove: async ({ printer, status }) => {
        const before = await status();
        expect(await printer.printSide(front)).toEqual(refused('noMedia'));
        expect(await printer.presentCard({})).toEqual(refused('noMedia'));
        expect(await printer.retractCard({})).toEqual(
          capabilities.retract ? refused('noMedia') : unsupported,
        );
        expect(await printer.rejectCard({})).toEqual(
          capabilities.rejectBin ? refused('noMedia') : unsupported,
        );
        expect(await printer.transmitToChip({ apduHex: 'ffca000000' })).toEqual(
          capabilities.contactless ? refused('noMedia') : unsupported,
        );
        expect(await status()).toEqual(before);
      },
    },

    {
      title: 'feeds one blank, tells its serial if it can read one, and counts it if it counts',
      prove: async ({ printer, status }) => {
        const before = await status();
        const { serial, blankKind } = valueOf(await printer.feedBlank(feedOne));
        expect(serial === null).toBe(!capabilities.serialReader);
        expect(blankKind).toBe(capabilities.serialReader ? feeder.blankKind : null);
        const after = await status();
        expect(after.media).toBe(capabilities.cardPosition ? 'present' : 'unknown');
        expect(after.counters === null).toBe(!capabilities.counters);
        if (before.counters !== null) {
          expect(after.counters).toEqual({ ...before.counters, fed: before.counters.fed + 1 });
        }
      },
    },

    {
      title:
        'feeds a stray like any blank, tells what it read on it, and can reject it if it has a bin',
      prove: async ({ rig, printer, status, noneCameOut }) => {
        const stray = await rig.layStrayIn(feeder.name);
        expect(valueOf(await printer.feedBlank(feedOne))).toEqual(
          capabilities.serialReader ? stray : { serial: null, blankKind: null },
        );
        expect((await status()).media).toBe(capabilities.cardPosition ? 'present' : 'unknown');
        expect((await printer.rejectCard({})).ok).toBe(capabilities.rejectBin);
        await noneCameOut();
      },
    },

    {
      title: 'never feeds a second blank onto one that is inside',
      prove: async ({ printer, status, fed }) => {
        await fed();
        const before = await status();
        if (oneJob) {
          // The second takes the place of the first, and one card comes out.
          await fed();
          valueOf(await printer.presentCard({}));
          expect(await printer.presentCard({})).toEqual(refused('noMedia'));
          return;
        }
        expect(await printer.feedBlank(feedOne)).toEqual(notBegun('mediaPresent'));
        expect(await status()).toEqual(before);
      },
    },

    {
      title:
        'says so when a feeder is empty, and moves nothing, or calls no feeder full that it cannot see',
      prove: async ({ rig, printer, status }) => {
        await rig.emptyFeeder(feeder.name);
        if (!seesEmptyFeeder) {
          const { feeders } = await status();
          expect(feeders.find(({ name }) => name === feeder.name)?.level).toBe('unknown');
          return;
        }
        const before = await status();
        expect(await printer.feedBlank(feedOne)).toEqual(notBegun('feederEmpty'));
        const after = await status();
        expect(after.counters).toEqual(before.counters);
        expect(after.feeders.find(({ name }) => name === feeder.name)?.level).toBe('out');
      },
    },

    {
      title: 'refuses a feeder that it has not got',
      prove: async ({ printer }) => {
        const answer = await printer.feedBlank({ feeder: 'nowhere', blankKind: feeder.blankKind });
        expect(answer).toMatchObject({ ok: false, error: { kind: 'invalidData' } });
      },
    },

    {
      title: 'prints the front, and the back if it can turn the card',
      prove: async ({ printer, status, fed, cameOut }) => {
        await fed();
        const before = await status();
        valueOf(await printer.printSide(front));
        const back = await printer.printSide({ ...front, side: 'back' });
        expect(back).toEqual(capabilities.flip ? { ok: true, value: {} } : unsupported);
        const { counters } = await status();
        const sides = (before.counters?.printedSides ?? 0) + (capabilities.flip ? 2 : 1);
        expect(counters?.printedSides ?? sides).toBe(sides);
        valueOf(await printer.presentCard({}));
        await cameOut({ sides: capabilities.flip ? ['front', 'back'] : ['front'] });
      },
    },

    {
      title: 'presents the card, and knows that only if it has an exit sensor',
      prove: async ({ rig, printer, status, fed, cameOut }) => {
        await fed();
        const { media } = valueOf(await printer.presentCard({}));
        expect(media).toBe(capabilities.exitSensor ? 'atExit' : 'unknown');
        expect((await status()).media).toBe(media);
        expect(rig.events.named('mediaPresented')).toHaveLength(capabilities.exitSensor ? 1 : 0);
        await cameOut({ sides: [] });
        const { presented } = valueOf(await printer.lastPresentStatus({}));
        expect(presented).toBe(capabilities.exitSensor ? 'presented' : 'unknown');
      },
    },

    {
      title: 'says not presented while a card is inside, unless it could not know',
      prove: async ({ printer, fed }) => {
        await fed();
        const { presented } = valueOf(await printer.lastPresentStatus({}));
        const knows = capabilities.exitSensor || capabilities.cardPosition;
        expect(presented).toBe(knows ? 'notPresented' : 'unknown');
      },
    },

    {
      title: 'tells when the card was taken, and counts it',
      where: capabilities.exitSensor,
      prove: async ({ rig, printer, status, fed }) => {
        await fed();
        valueOf(await printer.presentCard({}));
        const before = await status();
        await rig.takeCardAtExit();
        await rig.events.heard('mediaTaken');
        const after = await status();
        expect(after.media).toBe(capabilities.cardPosition ? 'notPresent' : 'unknown');
        expect(after.counters?.taken ?? 1).toBe((before.counters?.taken ?? 0) + 1);
      },
    },
    {
      title: 'says nothing of a card that was taken where it cannot see',
      where: !capabilities.exitSensor,
      prove: async ({ rig, printer, status, fed }) => {
        await fed();
        valueOf(await printer.presentCard({}));
        const before = await status();
        await rig.takeCardAtExit();
        expect(await status()).toEqual(before);
        expect(rig.events.named('mediaTaken')).toEqual([]);
      },
    },

    {
      title: 'draws a card back that was not taken, if it can',
      prove: async ({ printer, status, fed, noneCameOut }) => {
        await fed();
        valueOf(await printer.presentCard({}));
        const before = await status();
        const answer = await printer.retractCard({});
        if (!capabilities.retract) {
          expect(answer).toEqual(unsupported);
          return;
        }
        const { counters } = valueOf(answer);
        expect(counters?.retracted ?? 1).toBe((before.counters?.retracted ?? 0) + 1);
        expect(await printer.retractCard({})).toEqual(refused('noMedia'));
        await noneCameOut();
      },
    },

    {
      title: 'drops a card into the reject bin, if it has one, and counts it if it counts those',
      prove: async ({ printer, status, fed, noneCameOut }) => {
        await fed();
        const before = await status();
        const answer = await printer.rejectCard({});
        if (!capabilities.rejectBin) {
          expect(answer).toEqual(unsupported);
          expect((await status()).media).toBe(before.media);
          return;
        }
        const { counters } = valueOf(answer);
        if (capabilities.counters) {
          const more = capabilities.rejectCount ? 1 : 0;
          expect(counters?.rejected).toBe((before.counters?.rejected ?? 0) + more);
        }
        expect(await printer.rejectCard({})).toEqual(refused('noMedia'));
        await noneCameOut();
        expect(await printer.feedBlank(feedOne)).toMatchObject({ ok: true });
      },
    },

    {
      title: 'carries commands to the chip and its status words back',
      where: capabilities.contactless,
      prove: async ({ printer, fed }) => {
        await fed();
        const uid = valueOf(await printer.transmitToChip({ apduHex: 'ffca000000' }));
        expect(uid.responseHex).toMatch(/^([0-9a-f]{2}){4,10}9000$/);
        const unknown = valueOf(await printer.transmitToChip({ apduHex: '00ee0000' }));
        expect(unknown.responseHex).toBe('6d00');
      },
    },
  ]);
}

export function cardPrinterConformance(
  name: string,
  capabilities: CardPrinterCapabilities,
  setUp: () => Promise<CardPrinterRig>,
  traits?: CardPrinterTraits,
): void {
  eachOnItsOwn(`${name} as a card printer`, cardPrinterCases(capabilities, traits), setUp);
}
