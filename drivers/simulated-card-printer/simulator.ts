import { createHash } from 'node:crypto';
import { assert, assertNever } from '../../src/base/assert.ts';
import type { Clock } from '../../src/base/clock.ts';
import { ok } from '../../src/base/result.ts';
import { LineDevice } from '../contract/line-device.ts';
import {
  invalidData,
  notReady,
  refusal,
  unsupported,
  type LineAnswer,
} from '../contract/line-words.ts';
import { SpecimenChip } from './chip.ts';
import {
  isMisreading,
  isWhileFed,
  type CardPrinterFault,
  type CardPrinterStep,
  type FaultSource,
  type Misreading,
  type Strike,
} from './faults.ts';
import type { CardPrinterMove } from './moves.ts';
import type { Card, CardPrinterParts, JamPlace } from './parts.ts';
import { RGB_BYTES } from './picture.ts';
import type { Profile } from './profiles.ts';
import type { CardPrinterEvent, CardPrinterRequest } from './protocol.ts';
import { commonStatusOf, mediaOf, statusOf } from './report.ts';

export interface CardPrinterEnvironment {
  readonly parts: CardPrinterParts;
  readonly profile: Profile;
  readonly faults: FaultSource<CardPrinterStep, CardPrinterFault>;
  readonly clock: Clock;
  /** How long one movement takes; 0 ends it at once. */
  readonly stepMs: number;
  readonly doorOpen: () => boolean;
  /** Called when a movement has ended, after the parts were changed; durable when it returns. */
  readonly record: (move: CardPrinterMove) => void;
  /** Called when parts changed without a movement. */
  readonly changed: () => void;
  /** Keeps a picture of a side for eyes and answers its path, relative to the cabinet's folder. */
  readonly savePicture: (name: string, rgb: Uint8Array) => Promise<string>;
  readonly emit: (event: CardPrinterEvent) => void;
}

type RequestTo<N extends CardPrinterRequest['command']> = Extract<
  CardPrinterRequest,
  { command: N }
>;

/**
 * The strict state machine of a card printer that does not exist. One command at a time; a movement
 * once begun ends even if nobody listens any more, unless the power goes.
 */
export class CardPrinterSimulator {
  readonly #env: CardPrinterEnvironment;
  readonly #line: LineDevice<CardPrinterRequest>;
  #chip: SpecimenChip | null = null;
  #filesWritten = new Set<string>();

  constructor(env: CardPrinterEnvironment) {
    this.#env = env;
    this.#line = new LineDevice({
      run: (request) => this.#run(request),
      status: () => commonStatusOf(env.parts, env.profile, env.doorOpen()),
      emit: env.emit,
    });
  }

  handle(request: CardPrinterRequest): Promise<LineAnswer> {
    return this.#line.handle(request);
  }

  hostCame(): void {
    this.#line.hostCame();
  }

  announce(): void {
    this.#line.announce();
  }

  /** What is in motion stops where it is; what only the electronics knew is forgotten. */
  powerOff(): void {
    this.#line.powerOff();
    this.#chip = null;
    if (!this.#env.profile.counters) this.#env.parts.lastPresent = 'unknown';
  }

  async #run(request: CardPrinterRequest): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    switch (request.command) {
      case 'getStatus':
        return ok(statusOf(parts, profile, this.#env.doorOpen()));
      case 'getCapabilities':
        return ok({
          ...profile,
          feeders: parts.feeders.map(({ name, blankKind }) => ({ name, blankKind })),
        });
      case 'lastPresentStatus':
        return ok({ presented: this.#presented() });
      case 'transmitToChip':
        return this.#transmit(request);
      case 'feedBlank':
        return this.#whenReady(() => this.#feed(request));
      case 'printSide':
        return this.#whenReady(() => this.#print(request));
      case 'presentCard':
        return this.#whenReady(() => this.#present());
      case 'retractCard':
        return this.#whenReady(() => this.#retract());
      case 'rejectCard':
        return this.#whenReady(() => this.#reject());
      default:
        return assertNever(request);
    }
  }

  async #whenReady(movement: () => Promise<LineAnswer>): Promise<LineAnswer> {
    if (this.#env.doorOpen()) return notReady('doorOpen');
    if (this.#env.parts.jam !== null) return refusal('mediaJammed');
    return movement();
  }

  async #feed({ params }: RequestTo<'feedBlank'>): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    const feeder = parts.feeders.find(({ name }) => name === params.feeder);
    if (feeder === undefined) return invalidData(`no feeder ${params.feeder}`);
    if (feeder.blankKind !== params.blankKind) {
      return invalidData(`feeder ${feeder.name} is set up for ${feeder.blankKind}`);
    }
    if (parts.transport !== null) return refusal('mediaPresent');
    if (parts.exit !== null && profile.exitSensor) return refusal('mediaPresent');
    const card = feeder.blanks[0];
    if (card === undefined) return refusal('feederEmpty');

    const strike = this.#env.faults.take('feed');
    return this.#move(strike, { jamBefore: 'feeder', jamAfter: 'transport' }, () => {
      feeder.blanks.shift();
      parts.transport = card;
      parts.stuckTo = strike?.fault === 'doubleFeed' ? (feeder.blanks.shift() ?? null) : null;
      const fed = parts.stuckTo === null ? [card] : [card, parts.stuckTo];
      parts.counters.fed += fed.length;
      parts.lastPresent = 'notPresented';
      this.#chip = card.chip === null ? null : new SpecimenChip(card.chip);
      this.#filesWritten = new Set();
      for (const { serial, kind, batch } of fed) {
        this.#env.record({ type: 'blankFed', serial, kind, batch, feeder: feeder.name });
      }
      if (!profile.serialReader) return ok({ serial: null, blankKind: null });
      const misread = strike !== null && isMisreading(strike.fault) ? strike.fault : null;
      return ok(readingOf(card, misread));
    });
  }

  #transmit({ params }: RequestTo<'transmitToChip'>): LineAnswer {
    const { parts, profile, faults } = this.#env;
    if (!profile.contactless) return unsupported;
    const card = parts.transport;
    if (card === null) return refusal('noMedia');
    if (parts.jam !== null || card.chip === null) return refusal('chipSilent');
    this.#chip ??= new SpecimenChip(card.chip);

    const apdu = Buffer.from(params.apduHex, 'hex');
    const strike =
      apdu[1] === 0xd6 ? faults.take('encode') : apdu[1] === 0xb0 ? faults.take('verify') : null;
    if (strike?.when === 'before') return answerTo(strike.fault);
    const { responseHex, wroteFile } = this.#chip.transmit(apdu);
    if (wroteFile !== null && !this.#filesWritten.has(wroteFile)) {
      this.#filesWritten.add(wroteFile);
      this.#env.record({ type: 'chipWritten', serial: card.serial, file: wroteFile });
    } else if (wroteFile !== null) {
      this.#env.changed();
    }
    return strike === null ? ok({ responseHex }) : answerTo(strike.fault);
  }

  async #print({ params }: RequestTo<'printSide'>): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    const { side } = params;
    if (side === 'back' && !profile.flip) return unsupported;
    const rgb = Buffer.from(params.rgbBase64, 'base64');
    if (rgb.length !== RGB_BYTES) {
      return invalidData(`${rgb.length} bytes of picture instead of ${RGB_BYTES}`);
    }
    const card = parts.transport;
    if (card === null) return refusal('noMedia');
    if (parts.ribbonPanelsLeft === 0) return refusal('ribbonOut');
    if (parts.stuckTo !== null) return this.#struckBy('jam', 'transport');

    const strike = this.#env.faults.take('print');
    const overprint = card[side] !== 'blank';
    const times = parts.counters.printedSides + 1;
    const name = overprint ? `${card.serial}-${side}-over-${times}` : `${card.serial}-${side}`;
    const picture = await this.#env.savePicture(name, rgb);
    const partly = (): void => {
      card[side] = 'partlyPrinted';
      this.#env.record({ type: 'sidePartlyPrinted', serial: card.serial, side });
    };
    const jams = { jamBefore: 'transport', jamAfter: 'transport', interrupted: partly } as const;
    return this.#move(strike, jams, () => {
      parts.ribbonPanelsLeft -= 1;
      if (strike?.fault === 'ribbonOut') {
        parts.ribbonPanelsLeft = 0;
        partly();
        return refusal('ribbonOut');
      }
      parts.counters.printedSides += 1;
      card[side] = 'printed';
      const sha256 = createHash('sha256').update(rgb).digest('hex');
      const { serial } = card;
      this.#env.record({ type: 'sidePrinted', serial, side, sha256, picture, overprint });
      return ok({});
    });
  }

  async #present(): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    const card = parts.transport;
    if (card === null) return refusal('noMedia');
    // Two cards together are too thick for the print head and for the exit; the bin takes them.
    if (parts.stuckTo !== null) return this.#struckBy('jam', 'transport');
    const strike = this.#env.faults.take('present');
    // A motor that began and was never heard to end leaves the printer itself without an answer.
    if (strike?.when !== 'before' || strike.fault === 'jam') parts.lastPresent = 'unknown';
    return this.#move(strike, { jamBefore: 'transport', jamAfter: 'exit' }, () => {
      if (parts.exit !== null) {
        this.#env.record({ type: 'cardPushedOut', serial: parts.exit.serial });
      }
      parts.transport = null;
      parts.exit = card;
      this.#chip = null;
      parts.counters.presented += 1;
      parts.lastPresent = 'presented';
      this.#env.record({ type: 'cardPresented', serial: card.serial });
      if (profile.exitSensor) this.#env.emit({ event: 'mediaPresented', payload: {} });
      return ok({ media: mediaOf(parts, profile) });
    });
  }

  async #retract(): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    if (!profile.retract) return unsupported;
    const card = parts.exit;
    if (card === null) return refusal('noMedia');
    if (parts.retractBin.length >= parts.binCapacity) return refusal('binFull');
    const strike = this.#env.faults.take('retract');
    return this.#move(strike, { jamBefore: 'exit', jamAfter: 'bin' }, () => {
      // The citizen may have pulled it out while the rollers started.
      if (parts.exit !== card) return refusal('noMedia');
      parts.exit = null;
      parts.retractBin.push(card);
      parts.counters.retracted += 1;
      this.#env.record({ type: 'cardRetracted', serial: card.serial });
      return ok({ counters: profile.counters ? { ...parts.counters } : null });
    });
  }

  async #reject(): Promise<LineAnswer> {
    const { parts, profile } = this.#env;
    if (!profile.rejectBin) return unsupported;
    const card = parts.transport;
    if (card === null) return refusal('noMedia');
    if (parts.rejectBin.length >= parts.binCapacity) return refusal('binFull');
    const strike = this.#env.faults.take('reject');
    return this.#move(strike, { jamBefore: 'transport', jamAfter: 'bin' }, () => {
      const fallen = parts.stuckTo === null ? [card] : [card, parts.stuckTo];
      parts.transport = null;
      parts.stuckTo = null;
      this.#chip = null;
      parts.rejectBin.push(...fallen);
      // Its sensor takes two that stick together for one.
      if (profile.rejectCount) parts.counters.rejected += 1;
      for (const { serial } of fallen) this.#env.record({ type: 'cardRejected', serial });
      return ok({ counters: profile.counters ? { ...parts.counters } : null });
    });
  }

  /** One movement with its fault before or after it. `end` changes the parts and records, all at once. */
  async #move(
    strike: Strike<CardPrinterFault> | null,
    on: { jamBefore: JamPlace; jamAfter: JamPlace; interrupted?: () => void },
    end: () => LineAnswer,
  ): Promise<LineAnswer> {
    if (strike?.when === 'before') return this.#struckBy(strike.fault, on.jamBefore);
    await this.#motorRuns();
    if (this.#line.lostPower) {
      on.interrupted?.();
      return 'silent';
    }
    const answer = end();
    return strike === null || isWhileFed(strike.fault)
      ? answer
      : this.#struckBy(strike.fault, on.jamAfter);
  }

  #struckBy(fault: CardPrinterFault, jamAt: JamPlace): LineAnswer {
    const { parts } = this.#env;
    if (fault === 'jam') {
      parts.jam = jamAt;
      const serial = (jamAt === 'exit' ? parts.exit : parts.transport)?.serial ?? null;
      this.#env.record({ type: 'jammed', place: jamAt, serial });
    }
    return answerTo(fault);
  }

  #motorRuns(): Promise<void> {
    const { clock, stepMs } = this.#env;
    if (stepMs === 0) return Promise.resolve();
    return new Promise((resolve) => void clock.after(stepMs, resolve));
  }

  #presented(): 'presented' | 'notPresented' | 'unknown' {
    const { parts, profile } = this.#env;
    if (profile.exitSensor) return parts.lastPresent;
    return parts.lastPresent === 'notPresented' && profile.cardPosition
      ? 'notPresented'
      : 'unknown';
  }
}

/** What the blank reader makes of the card in the transport. */
function readingOf(
  { serial, kind }: Card,
  misread: Misreading | null,
): { serial: string | null; blankKind: string } {
  switch (misread) {
    case null:
      return { serial, blankKind: kind };
    case 'wrongKindInFeeder':
      return { serial, blankKind: kind === 'kia' ? 'ktpEl' : 'kia' };
    case 'misreadSerial':
      return { serial: `X${serial}`, blankKind: kind };
    case 'unreadSerial':
      return { serial: null, blankKind: kind };
    default:
      return assertNever(misread);
  }
}

function answerTo(fault: CardPrinterFault): LineAnswer {
  assert(!isWhileFed(fault), 'what strikes a blank while it is fed is not answered');
  switch (fault) {
    case 'jam':
      return refusal('mediaJammed');
    case 'noAnswer':
      return 'silent';
    case 'feederEmpty':
    case 'chipSilent':
    case 'ribbonOut':
    case 'binFull':
      return refusal(fault);
    default:
      return assertNever(fault);
  }
}
