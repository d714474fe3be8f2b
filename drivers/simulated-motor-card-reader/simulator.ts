import { assertNever } from '../../src/base/assert.ts';
import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardReaderStatus } from '../contract/card-reader.ts';
import { LineDevice } from '../contract/line-device.ts';
import { notReady, refusal, type LineAnswer } from '../contract/line-words.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { MotorFaultSource, MotorReaderFault, MotorStrike } from './faults.ts';
import type { MotorReaderMove } from './moves.ts';
import type { MotorReaderParts, SlotCard } from './parts.ts';
import type { MotorReaderEvent, MotorReaderRequest } from './protocol.ts';

export interface MotorReaderEnvironment {
  readonly parts: MotorReaderParts;
  readonly faults: MotorFaultSource;
  readonly clock: Clock;
  /** How long one movement takes; 0 ends it at once. */
  readonly stepMs: number;
  readonly doorOpen: () => boolean;
  /** Called when a movement has ended, after the parts were changed; durable when it returns. */
  readonly record: (move: MotorReaderMove) => void;
  /** Called when parts changed without a recorded movement. */
  readonly changed: () => void;
  readonly emit: (event: MotorReaderEvent) => void;
}

export interface SlotError {
  readonly kind: 'nothingThere' | 'slotOccupied' | 'notJammed';
  readonly reason: string;
}

/**
 * The strict state machine of a motorised slot with a capture bin. A card given back is not drawn in
 * again before it has left the mouth, as on a machine with an entry sensor.
 */
export class MotorReaderSimulator {
  readonly #env: MotorReaderEnvironment;
  readonly #line: LineDevice<MotorReaderRequest>;
  #awaitingCard: (() => void) | null = null;

  constructor(env: MotorReaderEnvironment) {
    this.#env = env;
    this.#line = new LineDevice({
      run: (request) => this.#run(request),
      status: () => this.#commonStatus(),
      emit: env.emit,
    });
  }

  get open(): boolean {
    return this.#awaitingCard !== null;
  }

  handle(request: MotorReaderRequest): Promise<LineAnswer> {
    return this.#line.handle(request);
  }

  hostCame(): void {
    this.#line.hostCame();
  }

  /** The host is gone: a slot that waits for a card closes, as it would when its port is closed. */
  hostGone(): void {
    this.#awaitingCard?.();
  }

  announce(): void {
    this.#line.announce();
  }

  powerOff(): void {
    this.#line.powerOff();
    this.#awaitingCard?.();
  }

  /** A person pushes a card into the mouth; it is drawn in when the slot opens, or at once if it is open. */
  insert(card: SlotCard): Result<null, SlotError> {
    const { parts } = this.#env;
    if (parts.mouth !== null || parts.held !== null) {
      return err({ kind: 'slotOccupied', reason: 'a card is in the slot' });
    }
    parts.mouth = { uidHex: card.uidHex, givenBack: false };
    this.#env.changed();
    this.#awaitingCard?.();
    return ok(null);
  }

  /** A person takes the card in the mouth; one given back and not taken stays the reader's business. */
  take(): Result<SlotCard, SlotError> {
    const { parts } = this.#env;
    const card = parts.mouth;
    if (card === null)
      return err({ kind: 'nothingThere', reason: 'no card sticks out of the slot' });
    parts.mouth = null;
    if (card.givenBack) {
      this.#env.record({ type: 'oldCardTaken', uidHex: card.uidHex });
      this.#env.emit({ event: 'cardRemoved', payload: {} });
    } else {
      this.#env.changed();
    }
    return ok({ uidHex: card.uidHex });
  }

  clearJam(): Result<Extract<MotorReaderMove, { type: 'slotCleared' }>, SlotError> {
    const { parts } = this.#env;
    if (!parts.jammed) return err({ kind: 'notJammed', reason: 'nothing is jammed' });
    const card = parts.held;
    parts.jammed = false;
    if (card !== null) {
      parts.held = null;
      parts.mouth = { uidHex: card.uidHex, givenBack: true };
    }
    const move = { type: 'slotCleared', uidHex: card?.uidHex ?? null } as const;
    this.#env.record(move);
    this.announce();
    return ok(move);
  }

  emptyBin(): { uidsHex: (string | null)[] } {
    const uidsHex = this.#env.parts.captureBin.splice(0).map(({ uidHex }) => uidHex);
    this.#env.record({ type: 'captureBinEmptied', uidsHex });
    this.announce();
    return { uidsHex };
  }

  async #run(request: MotorReaderRequest): Promise<LineAnswer> {
    switch (request.command) {
      case 'getStatus':
        return ok(this.#status());
      case 'getCapabilities':
        return ok({ motorised: true, captureBin: true, sam: false });
      case 'readIdentity':
        return this.#readIdentity();
      case 'acceptCard':
        return this.#whenReady(() => this.#accept(request.params));
      case 'captureCard':
        return this.#whenReady(() => this.#capture());
      case 'returnCard':
        return this.#whenReady(() => this.#giveBack());
      default:
        return assertNever(request);
    }
  }

  async #whenReady(movement: () => Promise<LineAnswer>): Promise<LineAnswer> {
    if (this.#env.doorOpen()) return notReady('doorOpen');
    if (this.#env.parts.jammed) return refusal('mediaJammed');
    return movement();
  }

  #readIdentity(): LineAnswer {
    const { held, jammed } = this.#env.parts;
    if (held === null) return refusal('noCard');
    if (jammed || held.uidHex === null) return refusal('cardSilent');
    return ok({ assurance: 'present', uidHex: held.uidHex });
  }

  async #accept(wanted: { expectedUidHex: string | null; waitMs: number }): Promise<LineAnswer> {
    const { parts } = this.#env;
    if (parts.held !== null) return notReady('a card is held already');
    if (!this.#cardAtMouth()) await this.#cardOrTimeOut(wanted.waitMs);
    if (this.#line.lostPower) return 'silent';
    const card = parts.mouth;
    if (card === null || !this.#cardAtMouth()) return refusal('nothingInserted');
    const { uidHex } = card;
    return this.#move(this.#env.faults.take('accept'), () => {
      // The citizen may have pulled it out while the rollers started.
      if (parts.mouth !== card) return refusal('nothingInserted');
      parts.mouth = null;
      parts.held = { uidHex };
      this.#env.record({ type: 'oldCardDrawnIn', uidHex });
      this.#env.emit({ event: 'cardInserted', payload: {} });
      const expected = wanted.expectedUidHex?.toLowerCase() ?? uidHex;
      return uidHex === null || uidHex === expected ? ok({ uidHex }) : refusal('otherCard');
    });
  }

  async #capture(): Promise<LineAnswer> {
    const { parts } = this.#env;
    const card = parts.held;
    if (card === null) return refusal('noCard');
    if (parts.captureBin.length >= parts.binCapacity) return refusal('binFull');
    return this.#move(this.#env.faults.take('capture'), () => {
      parts.held = null;
      parts.captureBin.push(card);
      this.#env.record({ type: 'oldCardCaptured', uidHex: card.uidHex });
      this.#env.emit({ event: 'cardRemoved', payload: {} });
      return ok({ capturedCount: parts.captureBin.length });
    });
  }

  async #giveBack(): Promise<LineAnswer> {
    const { parts } = this.#env;
    const card = parts.held;
    if (card === null) return refusal('noCard');
    return this.#move(this.#env.faults.take('return'), () => {
      parts.held = null;
      parts.mouth = { uidHex: card.uidHex, givenBack: true };
      this.#env.record({ type: 'oldCardReturned', uidHex: card.uidHex });
      return ok({});
    });
  }

  async #move(strike: MotorStrike | null, end: () => LineAnswer): Promise<LineAnswer> {
    if (strike?.when === 'before') return this.#struckBy(strike.fault);
    const { clock, stepMs } = this.#env;
    if (stepMs > 0) await new Promise<void>((resolve) => void clock.after(stepMs, resolve));
    if (this.#line.lostPower) return 'silent';
    const answer = end();
    return strike === null ? answer : this.#struckBy(strike.fault);
  }

  #struckBy(fault: MotorReaderFault): LineAnswer {
    const { parts } = this.#env;
    switch (fault) {
      case 'jam':
        parts.jammed = true;
        this.#env.record({
          type: 'slotJammed',
          uidHex: (parts.held ?? parts.mouth)?.uidHex ?? null,
        });
        return refusal('mediaJammed');
      case 'binFull':
        return refusal('binFull');
      case 'noAnswer':
        return 'silent';
      default:
        return assertNever(fault);
    }
  }

  #cardAtMouth(): boolean {
    return this.#env.parts.mouth?.givenBack === false;
  }

  async #cardOrTimeOut(waitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#env.clock.after(waitMs, resolve);
      this.#awaitingCard = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#awaitingCard = null;
  }

  #commonStatus(): CommonStatus {
    const { parts } = this.#env;
    if (parts.jammed) {
      return { state: 'hardwareError', reasons: ['mediaJammed'], requiredAction: 'clear' };
    }
    if (this.#env.doorOpen()) {
      return { state: 'userError', reasons: ['doorOpen'], requiredAction: 'clear' };
    }
    return this.#binFull()
      ? { state: 'online', reasons: ['captureBinFull'], requiredAction: 'maintenance' }
      : { state: 'online', reasons: [], requiredAction: 'none' };
  }

  #status(): CardReaderStatus {
    const { parts } = this.#env;
    const card = parts.jammed
      ? 'unknown'
      : parts.held !== null
        ? 'held'
        : parts.mouth?.givenBack === true
          ? 'present'
          : 'notPresent';
    return {
      ...this.#commonStatus(),
      card,
      captureBin: this.#binFull() ? 'full' : 'ok',
      capturedCount: parts.captureBin.length,
    };
  }

  #binFull(): boolean {
    return this.#env.parts.captureBin.length >= this.#env.parts.binCapacity;
  }
}
