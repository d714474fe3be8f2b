import type { CardReaderStatus } from '../../drivers/contract/card-reader.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import { newId } from '../base/ids.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { SessionDeps } from './deps.ts';

/** How long the slot stays open for an old card. */
const OLD_CARD_WAIT_MS = 60_000;
/** A host that died takes its devices along for a moment: silence is not yet an answer. */
const STATUS_TRIES = 4;
const STATUS_PAUSE_MS = 2_000;
/** One return, and one more of its own announcement while the slot still holds the card. */
const RETURN_TRIES = 2;

/** Why the slot holds nothing of the citizen's; what it drew in, it gave back. */
export type NotSurrendered = 'nothingInserted' | 'otherCard' | 'unreadable' | 'trouble';

export type Surrender =
  | { readonly kind: 'held' }
  | { readonly kind: 'withCitizen'; readonly why: NotSurrendered }
  /** The card is in the machine, or nobody can tell. */
  | { readonly kind: 'notReturned'; readonly fate: 'keptForDesk' | 'uncertain' };

export type OldCardReturn = 'returned' | 'keptForDesk' | 'uncertain';

type Position = CardReaderStatus['card'];
interface Sight {
  readonly card: Position;
  readonly capturedCount: number | null;
}
const unseen: Sight = { card: 'unknown', capturedCount: null };

/**
 * The motorised slot as one session uses it. Each command that moves a card follows its own committed
 * announcement; after one that did not end well the slot is looked at, and what it does not show is
 * `uncertain`.
 */
export class OldCardSlot {
  readonly #sessionId: string;
  readonly #slot: DeviceProxy<'cardReader'>;
  readonly #clock: SessionDeps['clock'];
  readonly #record: SessionDeps['record'];

  constructor(
    sessionId: string,
    slot: DeviceProxy<'cardReader'>,
    { clock, record }: Pick<SessionDeps, 'clock' | 'record'>,
  ) {
    this.#sessionId = sessionId;
    this.#slot = slot;
    this.#clock = clock;
    this.#record = record;
  }

  /**
   * Draws in the card with this UID and holds it; any other is given back. Completes when the card is
   * held, is with the citizen again, or has to be left to an officer.
   */
  async accept(requestId: string, expectedUidHex: string): Promise<Surrender> {
    const device = this.#slot.name;
    const sessionId = this.#sessionId;
    const { card } = await this.#look();
    if (card === 'held' || card === 'unknown') {
      // What the slot holds before it was opened is not this citizen's and must not go to them.
      const reason = card === 'held' ? 'slotOccupied' : 'slotUnseen';
      await this.#record([
        {
          kind: 'oldCard.notAccepted',
          sessionId,
          commandId: null,
          device,
          requestId,
          reason,
          card,
        },
      ]);
      return { kind: 'withCitizen', why: 'trouble' };
    }
    const told = { sessionId, commandId: newId('cmd'), device };
    await this.#record([{ kind: 'oldCard.acceptCommanded', ...told, requestId }]);
    const accepted = await this.#slot.execute(
      'acceptCard',
      { expectedUidHex, waitMs: OLD_CARD_WAIT_MS },
      { sessionId },
    );
    const uid = accepted.ok ? (accepted.value.uidHex?.toLowerCase() ?? null) : null;
    if (accepted.ok && uid === expectedUidHex) {
      await this.#record([{ kind: 'oldCard.held', ...told, requestId }]);
      return { kind: 'held' };
    }
    const reason = accepted.ok
      ? uid === null
        ? 'uidUnreadable'
        : 'otherCard'
      : reasonOf(accepted.error);
    const after = await this.#look();
    await this.#record([
      { kind: 'oldCard.notAccepted', ...told, requestId, reason, card: after.card },
    ]);
    return this.#handBack(whyOf(reason), after);
  }

  /** Gives the held card back. Completes with what is proved of it. */
  async giveBack(): Promise<OldCardReturn> {
    const sessionId = this.#sessionId;
    let fate: OldCardReturn = 'keptForDesk';
    for (let tries = 0; tries < RETURN_TRIES && fate === 'keptForDesk'; tries += 1) {
      const before = await this.#look();
      const told = { sessionId, commandId: newId('cmd'), device: this.#slot.name };
      await this.#record([{ kind: 'oldCard.returnCommanded', ...told }]);
      const answer = await this.#slot.execute('returnCard', {}, { sessionId });
      const after = await this.#look();
      fate = fateOf(answer.ok, before, after);
      const reason = answer.ok ? 'notProved' : reasonOf(answer.error);
      await this.#record([
        fate === 'returned'
          ? { kind: 'oldCard.returned', ...told }
          : { kind: 'oldCard.notReturned', ...told, reason, card: after.card },
      ]);
    }
    return fate;
  }

  async #handBack(why: NotSurrendered, { card }: Sight): Promise<Surrender> {
    switch (card) {
      case 'notPresent':
      case 'present':
        return { kind: 'withCitizen', why };
      case 'unknown':
        return { kind: 'notReturned', fate: 'uncertain' };
      case 'held': {
        const fate = await this.giveBack();
        return fate === 'returned' ? { kind: 'withCitizen', why } : { kind: 'notReturned', fate };
      }
    }
  }

  async #look(): Promise<Sight> {
    for (let tries = 1; ; tries += 1) {
      const status = await this.#slot.execute('getStatus', {}, { sessionId: this.#sessionId });
      if (status.ok) return status.value;
      if (tries >= STATUS_TRIES) return unseen;
      await new Promise<void>((resolve) => void this.#clock.after(STATUS_PAUSE_MS, resolve));
    }
  }
}

/** Gone from the slot is not yet given back: it may have fallen into the bin. */
function fateOf(answered: boolean, before: Sight, after: Sight): OldCardReturn {
  switch (after.card) {
    case 'held':
      return 'keptForDesk';
    case 'present':
      return 'returned';
    case 'notPresent': {
      const counted = before.capturedCount !== null && after.capturedCount !== null;
      const fellIn = counted && before.capturedCount !== after.capturedCount;
      const wasHeld = before.card === 'held';
      return !fellIn && (answered || (counted && wasHeld)) ? 'returned' : 'uncertain';
    }
    case 'unknown':
      return answered ? 'returned' : 'uncertain';
  }
}

const reasonOf = (error: CommandFailure): string =>
  error.kind === 'commandError' ? error.errorCode : error.kind;

function whyOf(reason: string): NotSurrendered {
  if (reason === 'nothingInserted' || reason === 'otherCard') return reason;
  return reason === 'uidUnreadable' ? 'unreadable' : 'trouble';
}
