import { Emitter } from '../../src/base/emitter.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import type { DeviceHealth } from '../../src/devices/health.ts';
import type { Events } from '../../drivers/contract/device-classes.ts';
import { deviceClasses } from '../../drivers/contract/device-classes.ts';
import type { CommandSpec } from '../../drivers/contract/command.ts';
import type { Meeting } from '../../drivers/contract/held.ts';
import type { PageJob } from '../../drivers/contract/page-printer.ts';
import type { CommonStatus, DeviceClass, SupplyLevel } from '../../drivers/contract/words.ts';
import type {
  CardPrinterFault,
  CardPrinterStep,
  Strike,
} from '../../drivers/simulated-card-printer/faults.ts';
import { CardPrinterHands } from '../../drivers/simulated-card-printer/hands.ts';
import type { CardPrinterMove } from '../../drivers/simulated-card-printer/moves.ts';
import {
  newCardPrinterParts,
  type CardPrinterParts,
} from '../../drivers/simulated-card-printer/parts.ts';
import { profiles, type Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import { cardPrinterRequestSchema } from '../../drivers/simulated-card-printer/protocol.ts';
import { CardPrinterSimulator } from '../../drivers/simulated-card-printer/simulator.ts';
import { lendTo, withHeld } from './meetings.ts';
import type { Life } from './mortal.ts';

type Answer =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: {
        readonly kind: string;
        readonly errorCode?: string;
        readonly reason?: string;
      };
    };

/**
 * What happens to the next commands of a name, instead of or around what the device would do. `lost`: carried
 * out, but the answer never comes. `unreachable`: not carried out. `notMet`: its host could not fetch what was
 * to be printed, and gave the driver nothing.
 */
export interface Interference {
  readonly device: 'cardPrinter' | 'pagePrinter' | 'cardReader';
  readonly command: string;
  readonly what: 'lost' | 'unreachable' | 'notMet';
  times: number;
}

/**
 * The cabinet as it physically is: it outlives every run of core and keeps its own record of what moved.
 * The card printer is the strict simulator; reader and page printer are the few lines below.
 */
export class FakeCabinet {
  readonly profile: Profile;
  readonly parts: CardPrinterParts = newCardPrinterParts();
  readonly moves: CardPrinterMove[] = [];
  readonly interference: Interference[] = [];
  readonly hands: CardPrinterHands;
  /** `unseen`: the reader answers, and cannot tell whether a card stands in it. */
  readonly oldCards = { held: false, unseen: false, captured: 0, faults: [] as string[] };
  readonly pages = {
    jobs: [] as PageJob[],
    /** End of the next job, in place of `completed`. */
    nextEnd: null as null | { state: PageJob['state']; impressions: number | null },
    refuseNext: false,
    /** What the printer says of itself; while the next job runs, `meanwhile`, one after another. */
    status: { state: 'online', reasons: [], requiredAction: 'none' } as CommonStatus,
    meanwhile: [] as CommonStatus[],
    trays: [{ name: 'main', level: 'full' as SupplyLevel }],
    completedMeans: 'deviceReported' as 'deviceReported' | 'hostAccepted',
  };
  /** Every command that core gave, in order. */
  readonly commands: string[] = [];
  readonly #strikes: { step: CardPrinterStep; strike: Strike<CardPrinterFault> }[] = [];
  readonly #simulator: CardPrinterSimulator;
  #emitter = new Emitter<HeardEvents>();

  constructor(profile: Profile = profiles.full) {
    this.profile = profile;
    const { parts } = this;
    const record = (move: CardPrinterMove): void => void this.moves.push(move);
    const announce = (): void => this.#simulator.announce();
    const emit = (event: { event: string; status?: unknown }): void => {
      if (event.event === 'mediaTaken') this.#emitter.emit('mediaTaken', {});
    };
    this.#simulator = new CardPrinterSimulator({
      parts,
      profile,
      faults: { take: (step) => this.#take(step) },
      clock: systemClock,
      stepMs: 0,
      doorOpen: () => false,
      record,
      changed: () => undefined,
      savePicture: (name) => Promise.resolve(name),
      emit,
    });
    this.hands = new CardPrinterHands({ parts, profile, record, emit, announce });
  }

  fill(feeder: 'ktp' | 'kia', batch: string, firstSerial: string, count: number): void {
    const digits = firstSerial.length - firstSerial.search(/\d+$/);
    const prefix = firstSerial.slice(0, -digits);
    const first = Number(firstSerial.slice(-digits));
    const kind = feeder === 'ktp' ? ('ktpEl' as const) : ('kia' as const);
    for (let index = 0; index < count; index += 1) {
      const serial = `${prefix}${String(first + index).padStart(digits, '0')}`;
      const uidHex = `08${String(first + index).padStart(6, '0')}`;
      const chip = kind === 'ktpEl' ? { uidHex, files: {} } : null;
      this.parts.feeders
        .find(({ name }) => name === feeder)
        ?.blanks.push({ kind, batch, serial, chip, front: 'blank', back: 'blank' });
    }
  }

  strike(step: CardPrinterStep, fault: CardPrinterFault, when: 'before' | 'after'): void {
    this.#strikes.push({ step, strike: { fault, when } });
  }

  /** Takes back every strike that nothing met. */
  disarm(): void {
    this.#strikes.length = 0;
    this.interference.length = 0;
  }

  /** Tells it to who listens. */
  pagePrinterSays(status: CommonStatus): void {
    this.#emitter.emit('statusChanged', status);
  }

  /** What listened to the devices is dead. */
  unplug(): void {
    this.#emitter = new Emitter();
  }

  interfere(interference: Interference): void {
    this.interference.push(interference);
  }

  /** Cards that a citizen has or can reach. */
  get out(): string[] {
    const serials = this.moves.flatMap((move) =>
      move.type === 'cardTaken' || move.type === 'cardPushedOut' ? [move.serial] : [],
    );
    return [...serials, ...(this.parts.exit === null ? [] : [this.parts.exit.serial])];
  }

  cardPrinter(life: Life): DeviceProxy<'cardPrinter'> {
    return this.#proxy(life, 'cardPrinter', 'cardPrinter', async (command, params) => {
      const answer = await this.#simulator.handle(
        cardPrinterRequestSchema.parse({ command, params }),
      );
      return answer === 'silent' ? noAnswer : answer;
    });
  }

  pagePrinter(life: Life): DeviceProxy<'pagePrinter'> {
    return this.#proxy(life, 'pagePrinter', 'pagePrinter', (command, params) =>
      Promise.resolve(this.#page(command, params as Record<string, unknown>)),
    );
  }

  cardReader(life: Life): DeviceProxy<'cardReader'> {
    return this.#proxy(life, 'cardReader', 'cardReader', (command) =>
      Promise.resolve(this.#reader(command)),
    );
  }

  #proxy<C extends DeviceClass>(
    life: Life,
    deviceClass: C,
    device: Interference['device'],
    run: (command: string, params: unknown) => Promise<Answer>,
  ): DeviceProxy<C> {
    const execute = (command: string, params: unknown): Promise<Answer> => {
      const spec = (deviceClasses[deviceClass].commands as Record<string, CommandSpec>)[command];
      if (spec === undefined) throw new Error(`${deviceClass} has no command ${command}`);
      const carryOut = async (): Promise<Answer> => {
        const whole = withHeld(params);
        if (device !== 'cardPrinter') spec.params.parse(whole);
        this.commands.push(command);
        const met = this.interference.find(
          (one) => one.device === device && one.command === command && one.times > 0,
        );
        if (met !== undefined) met.times -= 1;
        if (met?.what === 'unreachable') return { ok: false, error: { kind: 'deviceGone' } };
        if (met?.what === 'notMet') {
          return { ok: false, error: { kind: 'invalidData', reason: 'notMet' } };
        }
        const answer = await run(command, whole);
        if (met?.what === 'lost') return noAnswer;
        return answer.ok ? { ok: true, value: spec.result.parse(answer.value) } : answer;
      };
      return spec.effect === 'movesMedia' || command === 'transmitToChip'
        ? life.step(`${device}.${command}`, carryOut)
        : life.look(carryOut);
    };
    return {
      name: device,
      deviceClass,
      real: false,
      execute,
      lend: async (command: string, to: Meeting): Promise<Answer> => {
        const give = (params: unknown): Promise<never> =>
          execute(command, params) as Promise<never>;
        await lendTo(to, give);
        return done({ commands: 0 });
      },
      on: (event: string, listener: (payload: never) => void) =>
        event === heardOf[device]
          ? this.#emitter.on(event, (payload) => {
              if (!life.isOver) listener(payload as never);
            })
          : () => undefined,
      health: () =>
        ({
          ...this.pages.status,
          status: null,
          capabilities: null,
        }) as unknown as DeviceHealth<C>,
    } as unknown as DeviceProxy<C>;
  }

  #take(step: CardPrinterStep): Strike<CardPrinterFault> | null {
    const index = this.#strikes.findIndex((armed) => armed.step === step);
    return index === -1 ? null : (this.#strikes.splice(index, 1)[0]?.strike ?? null);
  }

  #reader(command: string): Answer {
    const { oldCards } = this;
    switch (command) {
      case 'getStatus':
        return done({
          ...online,
          card: oldCards.unseen ? 'unknown' : oldCards.held ? 'held' : 'notPresent',
          captureBin: 'ok',
          capturedCount: oldCards.captured,
        });
      case 'captureCard': {
        const fault = oldCards.faults.shift();
        if (fault === 'fallsNowhere') {
          oldCards.held = false;
          return { ok: false, error: { kind: 'noAnswer' } };
        }
        if (fault !== undefined) return refused(fault);
        if (!oldCards.held) return refused('noCard');
        oldCards.held = false;
        oldCards.captured += 1;
        return done({ capturedCount: oldCards.captured });
      }
      default:
        throw new Error(`the fake reader knows no ${command}`);
    }
  }

  #page(command: string, params: Record<string, unknown>): Answer {
    const { pages } = this;
    switch (command) {
      case 'getStatus':
        return done({
          ...pages.status,
          trays: pages.trays,
          toner: 'full',
        });
      case 'getCapabilities':
        return done({
          completedMeans: pages.completedMeans,
          impressionCount: pages.completedMeans === 'deviceReported',
        });
      case 'printPdf': {
        if (pages.refuseNext) {
          pages.refuseNext = false;
          return refused('rejected');
        }
        for (const status of pages.meanwhile.splice(0)) this.pagePrinterSays(status);
        const end = pages.nextEnd ?? { state: 'completed', impressions: Number(params['pages']) };
        pages.nextEnd = null;
        const job: PageJob = {
          jobId: pages.jobs.length + 1,
          state: end.state,
          reasons: [`job-named-${String(params['jobName'])}`],
          impressionsCompleted: end.impressions,
        };
        pages.jobs.push(job);
        return done(job);
      }
      case 'findJob':
        return done(pages.jobs.findLast(({ reasons }) => isNamed(reasons, params)) ?? null);
      case 'cancelJob': {
        const index = pages.jobs.findIndex(({ jobId }) => jobId === params['jobId']);
        const job = pages.jobs[index];
        if (job === undefined) return refused('notPossible');
        pages.jobs[index] = { ...job, state: 'canceled' };
        return done(pages.jobs[index]);
      }
      default:
        throw new Error(`the fake page printer knows no ${command}`);
    }
  }
}

const isNamed = (reasons: readonly string[], params: Record<string, unknown>): boolean =>
  reasons.includes(`job-named-${String(params['jobName'])}`);
/** What core is told unasked, of each device. */
type HeardEvents = Pick<Events<'cardPrinter'>, 'mediaTaken'> &
  Pick<Events<'pagePrinter'>, 'statusChanged'>;
const heardOf: Readonly<Partial<Record<Interference['device'], keyof HeardEvents>>> = {
  cardPrinter: 'mediaTaken',
  pagePrinter: 'statusChanged',
};

const online = { state: 'online', reasons: [], requiredAction: 'none' } as const;
const noAnswer: Answer = { ok: false, error: { kind: 'noAnswer' } };
const done = (value: unknown): Answer => ({ ok: true, value });
const refused = (errorCode: string): Answer => ({
  ok: false,
  error: { kind: 'commandError', errorCode },
});
