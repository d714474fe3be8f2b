import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardPrinterEvent } from './protocol.ts';
import type { CardPrinterMove } from './moves.ts';
import type { Card, CardPrinterParts, Feeder, LooseBlank } from './parts.ts';
import type { Profile } from './profiles.ts';

/** Why a hand could not do it: nothing is there, or it would break the world. */
export interface HandError {
  readonly kind: 'nothingThere' | 'noSuchFeeder' | 'serialAlreadyHere' | 'notJammed' | 'feederFull';
  readonly reason: string;
}

/** A stack that a real feeder of this size would hold. */
const FEEDER_CAPACITY = 200;

export interface HandsEnvironment {
  readonly parts: CardPrinterParts;
  readonly profile: Profile;
  readonly record: (move: CardPrinterMove) => void;
  readonly emit: (event: CardPrinterEvent) => void;
  readonly announce: () => void;
}

/** What people do to the printer with their hands: the citizen at the exit, the technician inside. */
export class CardPrinterHands {
  readonly #env: HandsEnvironment;

  constructor(env: HandsEnvironment) {
    this.#env = env;
  }

  /** The citizen takes the card that lies at the exit; also one that is stuck there. */
  takeCard(): Result<{ serial: string }, HandError> {
    const { parts, profile } = this.#env;
    const card = parts.exit;
    if (card === null) return err({ kind: 'nothingThere', reason: 'no card lies at the exit' });
    parts.exit = null;
    if (profile.exitSensor) parts.counters.taken += 1;
    this.#env.record({ type: 'cardTaken', serial: card.serial });
    if (profile.exitSensor) this.#env.emit({ event: 'mediaTaken', payload: {} });
    this.#env.announce();
    return ok({ serial: card.serial });
  }

  /** Opens the path, puts a card found in it into the reject bin and closes it again. */
  clearJam(): Result<Extract<CardPrinterMove, { type: 'cleared' }>, HandError> {
    const { parts, profile } = this.#env;
    if (parts.jam === null) return err({ kind: 'notJammed', reason: 'nothing is jammed' });
    const foundAt =
      parts.transport !== null ? 'transport' : parts.exit !== null ? 'exit' : 'nowhere';
    const found = foundAt === 'transport' ? [parts.transport, parts.stuckTo] : [parts.exit];
    const cards = found.flatMap((card) => card ?? []);
    if (foundAt === 'transport') {
      parts.transport = null;
      parts.stuckTo = null;
    }
    if (foundAt === 'exit') parts.exit = null;
    parts.rejectBin.push(...cards);
    // The bin's own sensor counts whatever falls through its mouth, from the rollers or from a hand.
    if (profile.rejectCount) parts.counters.rejected += cards.length;
    parts.jam = null;
    const moved = {
      type: 'cleared',
      foundAt,
      movedTo: cards.length === 0 ? null : 'rejectBin',
    } as const;
    const move = { ...moved, serial: cards[0]?.serial ?? null };
    this.#env.record(move);
    for (const { serial } of cards.slice(1)) this.#env.record({ ...moved, serial });
    this.#env.announce();
    return ok(move);
  }

  /** Puts blanks under those already in the feeder, so that they are fed after them. */
  load(feederName: string, blanks: readonly LooseBlank[]): Result<{ count: number }, HandError> {
    const feeder = this.#feeder(feederName);
    if (feeder === null) return err({ kind: 'noSuchFeeder', reason: `no feeder ${feederName}` });
    if (feeder.blanks.length + blanks.length > FEEDER_CAPACITY) {
      return err({ kind: 'feederFull', reason: `a feeder holds ${FEEDER_CAPACITY} blanks` });
    }
    const seen = this.#serialsInside();
    for (const { serial } of blanks) {
      if (seen.has(serial)) {
        return err({
          kind: 'serialAlreadyHere',
          reason: `blank ${serial} is in the printer already`,
        });
      }
      seen.add(serial);
    }
    feeder.blanks.push(...blanks.map(newCard));
    this.#env.record({ type: 'blanksLoaded', feeder: feederName, blanks: [...blanks] });
    this.#env.announce();
    return ok({ count: feeder.blanks.length });
  }

  emptyFeeder(feederName: string): Result<{ serials: string[] }, HandError> {
    const feeder = this.#feeder(feederName);
    if (feeder === null) return err({ kind: 'noSuchFeeder', reason: `no feeder ${feederName}` });
    const serials = feeder.blanks.splice(0).map(({ serial }) => serial);
    this.#env.record({ type: 'feederEmptied', feeder: feederName, serials });
    this.#env.announce();
    return ok({ serials });
  }

  emptyBin(bin: 'reject' | 'retract'): { serials: string[] } {
    const cards = bin === 'reject' ? this.#env.parts.rejectBin : this.#env.parts.retractBin;
    const serials = cards.splice(0).map(({ serial }) => serial);
    this.#env.record({ type: 'binEmptied', bin, serials });
    this.#env.announce();
    return { serials };
  }

  replaceRibbon(): void {
    this.#env.parts.ribbonPanelsLeft = this.#env.parts.ribbonPanelsFull;
    this.#env.record({ type: 'ribbonReplaced' });
    this.#env.announce();
  }

  #feeder(name: string): Feeder | null {
    return this.#env.parts.feeders.find((feeder) => feeder.name === name) ?? null;
  }

  #serialsInside(): Set<string> {
    const { feeders, transport, stuckTo, exit, rejectBin, retractBin } = this.#env.parts;
    const cards = [...feeders.flatMap(({ blanks }) => blanks), transport, stuckTo, exit];
    return new Set(
      [...cards, ...rejectBin, ...retractBin].flatMap((card) => (card === null ? [] : card.serial)),
    );
  }
}

function newCard(blank: LooseBlank): Card {
  const chip =
    blank.kind === 'kia'
      ? null
      : { uidHex: uidOf(blank.serial), files: {} as Record<string, string> };
  return { ...blank, chip, front: 'blank', back: 'blank' };
}

/** Seven bytes that are the same each time the same blank is loaded; 04 is a manufacturer code of ISO 7816-6. */
function uidOf(serial: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(serial)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return `04${hash.toString(16).padStart(16, '0').slice(0, 12)}`;
}
