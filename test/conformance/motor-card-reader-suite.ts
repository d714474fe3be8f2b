import { expect } from '@jest/globals';
import type { CardReaderCapabilities } from '../../drivers/contract/card-reader.ts';
import type { Driver } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, withHelp, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

/** A motorised card reader with an empty slot, and somebody's hands. */
export interface MotorCardReaderRig {
  readonly driver: Driver<'cardReader'>;
  readonly events: EventLog<'cardReader'>;
  /** Pushes a card in; it may have to wait in the mouth until the slot opens. */
  insert(uidHex: string | null): Promise<void>;
  /** Takes the card that sticks out; rejects where none does. */
  take(): Promise<void>;
  stop(): Promise<void>;
}

const UID = '04a1b2c3d4e5f6';
const OTHER_UID = '04ffeeddccbbaa';
const SOON = { expectedUidHex: null, waitMs: 30_000 };
/** For a card that never comes. */
const AT_ONCE = { expectedUidHex: null, waitMs: 1 };

const refused = (errorCode: string) => ({
  ok: false,
  error: { kind: 'commandError', errorCode },
});

function help(rig: MotorCardReaderRig) {
  const reader = checked(rig.driver);
  const cardNow = async (): Promise<string> => valueOf(await reader.getStatus({})).card;
  return { rig, reader, cardNow };
}

/** What every slot that draws cards in keeps, with the capabilities it claims. */
export const motorCardReaderCases = (
  capabilities: CardReaderCapabilities,
): readonly Case<MotorCardReaderRig>[] =>
  withHelp(help, [
    {
      title: 'claims the capabilities it is tested for',
      prove: async ({ reader }) => {
        expect(valueOf(await reader.getCapabilities({}))).toEqual(capabilities);
      },
    },

    {
      title: 'has no card to read, capture or return while the slot is empty',
      prove: async ({ reader, cardNow }) => {
        expect(await reader.readIdentity({})).toEqual(refused('noCard'));
        expect(await reader.captureCard({})).toEqual(refused('noCard'));
        expect(await reader.returnCard({})).toEqual(refused('noCard'));
        expect(await cardNow()).toBe('notPresent');
      },
    },

    {
      title: 'says so when nobody inserts a card in time',
      prove: async ({ reader }) => {
        expect(await reader.acceptCard(AT_ONCE)).toEqual(refused('nothingInserted'));
      },
    },

    {
      title: 'draws a card in that is inserted while it waits, and holds it',
      prove: async ({ rig, reader, cardNow }) => {
        const accepted = reader.acceptCard({ ...SOON, expectedUidHex: UID });
        await rig.insert(UID);
        expect(await accepted).toEqual({ ok: true, value: { uidHex: UID } });
        expect(rig.events.named('cardInserted')).toHaveLength(1);
        expect(await cardNow()).toBe('held');
      },
    },

    {
      title: 'names the held card as present and no more, where it has no SAM',
      prove: async ({ rig, reader }) => {
        await rig.insert(UID);
        valueOf(await reader.acceptCard(SOON));
        expect(valueOf(await reader.readIdentity({}))).toEqual({
          assurance: 'present',
          uidHex: UID,
        });
      },
    },

    {
      title: 'keeps hold of a card that is not the one announced, and gives it back when told',
      prove: async ({ rig, reader, cardNow }) => {
        await rig.insert(OTHER_UID);
        expect(await reader.acceptCard({ ...SOON, expectedUidHex: UID })).toEqual(
          refused('otherCard'),
        );
        expect(await cardNow()).toBe('held');
        valueOf(await reader.returnCard({}));
        expect(await cardNow()).toBe('present');
      },
    },

    {
      title: 'accepts a card whose chip is dead, and says that it could not be read',
      prove: async ({ rig, reader }) => {
        await rig.insert(null);
        const accepted = await reader.acceptCard({ ...SOON, expectedUidHex: UID });
        expect(accepted).toEqual({ ok: true, value: { uidHex: null } });
        expect(await reader.readIdentity({})).toEqual(refused('cardSilent'));
      },
    },

    {
      title: 'does not draw in again the card that it has just given back',
      prove: async ({ rig, reader, cardNow }) => {
        await rig.insert(UID);
        valueOf(await reader.acceptCard(SOON));
        valueOf(await reader.returnCard({}));
        expect(await reader.acceptCard(AT_ONCE)).toEqual(refused('nothingInserted'));
        await rig.take();
        await rig.events.heard('cardRemoved');
        expect(await cardNow()).toBe('notPresent');
        await rig.insert(UID);
        expect(await reader.acceptCard(SOON)).toMatchObject({ ok: true });
      },
    },

    {
      title: 'captures the held card for good, and counts it',
      prove: async ({ rig, reader, cardNow }) => {
        const before = valueOf(await reader.getStatus({})).capturedCount ?? 0;
        await rig.insert(UID);
        valueOf(await reader.acceptCard(SOON));
        expect(valueOf(await reader.captureCard({}))).toEqual({ capturedCount: before + 1 });
        await expect(rig.take()).rejects.toThrow();
        expect(await cardNow()).toBe('notPresent');
        expect(await reader.returnCard({})).toEqual(refused('noCard'));
      },
    },
  ]);

export function motorCardReaderConformance(
  name: string,
  capabilities: CardReaderCapabilities,
  setUp: () => Promise<MotorCardReaderRig>,
): void {
  eachOnItsOwn(`${name} as a motorised card reader`, motorCardReaderCases(capabilities), setUp);
}
