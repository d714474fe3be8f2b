import type { CardReaderStatus } from '../../drivers/contract/card-reader.ts';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import { err, ok } from '../../src/base/result.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';

export const OLD_CARD = '04a1b2c3d4e5f6';

type Move = 'acceptCard' | 'returnCard';
export interface SlotFault {
  readonly on: Move | 'getStatus';
  readonly failure: CommandFailure;
  /** Where the card is after it; left out, the command did not move it. */
  readonly leaves?: CardReaderStatus['card'];
}

const announcements: Readonly<Record<Move, JournalEvent['kind']>> = {
  acceptCard: 'oldCard.acceptCommanded',
  returnCard: 'oldCard.returnCommanded',
};

/** Simulates a motorised slot, and notes each move that the record did not announce, once and before it. */
export class FakeSlot {
  card: CardReaderStatus['card'] = 'notPresent';
  capturedCount: number | null = 0;
  /** What the citizen pushes in: the UID of a card, null for one whose chip is silent. */
  inserts: string | null = OLD_CARD.toUpperCase();
  readonly faults: SlotFault[] = [];
  readonly moves: Move[] = [];
  readonly asked: unknown[] = [];
  readonly unannounced: Move[] = [];

  proxy(record: readonly JournalEvent[]): DeviceProxy<'cardReader'> {
    const execute = (command: string, params: unknown): unknown => {
      if (command === 'getStatus') return this.#status();
      if (command !== 'acceptCard' && command !== 'returnCard') {
        throw new Error(`the slot of a session knows no ${command}`);
      }
      const announced = record.filter(({ kind }) => kind === announcements[command]).length;
      if (announced !== this.moves.filter((move) => move === command).length + 1) {
        this.unannounced.push(command);
      }
      this.moves.push(command);
      return this.#move(command, params);
    };
    return {
      name: 'slot',
      execute: (command: string, params: unknown) => Promise.resolve(execute(command, params)),
    } as unknown as DeviceProxy<'cardReader'>;
  }

  #status(): unknown {
    const fault = this.#fault('getStatus');
    if (fault !== null) return err(fault.failure);
    const { card, capturedCount } = this;
    return ok({ card, capturedCount, captureBin: 'ok' });
  }

  #move(command: Move, params: unknown): unknown {
    const fault = this.#fault(command);
    if (fault !== null) {
      this.card = fault.leaves ?? this.card;
      return err(fault.failure);
    }
    if (command === 'returnCard') {
      if (this.card !== 'held') return err({ kind: 'commandError', errorCode: 'noCard' });
      this.card = 'present';
      return ok({});
    }
    this.asked.push(params);
    this.card = 'held';
    const { expectedUidHex } = params as { expectedUidHex: string | null };
    const other = this.inserts !== null && this.inserts.toLowerCase() !== expectedUidHex;
    if (other) return err({ kind: 'commandError', errorCode: 'otherCard' });
    return ok({ uidHex: this.inserts });
  }

  #fault(on: SlotFault['on']): SlotFault | null {
    const index = this.faults.findIndex((fault) => fault.on === on);
    return index === -1 ? null : (this.faults.splice(index, 1)[0] ?? null);
  }
}
