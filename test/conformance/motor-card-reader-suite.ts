import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CardReaderCapabilities } from '../../drivers/contract/card-reader.ts';
import type { CommandHandlers, Driver } from '../../drivers/contract/driver.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
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

export function motorCardReaderConformance(
  name: string,
  capabilities: CardReaderCapabilities,
  setUp: () => Promise<MotorCardReaderRig>,
): void {
  describe(`${name} as a motorised card reader`, () => {
    let rig: MotorCardReaderRig;
    let reader: CommandHandlers<'cardReader'>;

    beforeEach(async () => {
      rig = await setUp();
      reader = checked(rig.driver);
    });
    afterEach(() => rig.stop());

    const refused = (errorCode: string) => ({
      ok: false,
      error: { kind: 'commandError', errorCode },
    });
    const cardNow = async (): Promise<string> => valueOf(await reader.getStatus({})).card;

    it('claims the capabilities it is tested for', async () => {
      expect(valueOf(await reader.getCapabilities({}))).toEqual(capabilities);
    });

    it('has no card to read, capture or return while the slot is empty', async () => {
      expect(await reader.readIdentity({})).toEqual(refused('noCard'));
      expect(await reader.captureCard({})).toEqual(refused('noCard'));
      expect(await reader.returnCard({})).toEqual(refused('noCard'));
      expect(await cardNow()).toBe('notPresent');
    });

    it('says so when nobody inserts a card in time', async () => {
      expect(await reader.acceptCard(AT_ONCE)).toEqual(refused('nothingInserted'));
    });

    it('draws a card in that is inserted while it waits, and holds it', async () => {
      const accepted = reader.acceptCard({ ...SOON, expectedUidHex: UID });
      await rig.insert(UID);
      expect(await accepted).toEqual({ ok: true, value: { uidHex: UID } });
      expect(rig.events.named('cardInserted')).toHaveLength(1);
      expect(await cardNow()).toBe('held');
    });

    it('names the held card as present and no more, where it has no SAM', async () => {
      await rig.insert(UID);
      valueOf(await reader.acceptCard(SOON));
      expect(valueOf(await reader.readIdentity({}))).toEqual({ assurance: 'present', uidHex: UID });
    });

    it('keeps hold of a card that is not the one announced, and gives it back when told', async () => {
      await rig.insert(OTHER_UID);
      expect(await reader.acceptCard({ ...SOON, expectedUidHex: UID })).toEqual(
        refused('otherCard'),
      );
      expect(await cardNow()).toBe('held');
      valueOf(await reader.returnCard({}));
      expect(await cardNow()).toBe('present');
    });

    it('accepts a card whose chip is dead, and says that it could not be read', async () => {
      await rig.insert(null);
      const accepted = await reader.acceptCard({ ...SOON, expectedUidHex: UID });
      expect(accepted).toEqual({ ok: true, value: { uidHex: null } });
      expect(await reader.readIdentity({})).toEqual(refused('cardSilent'));
    });

    it('does not draw in again the card that it has just given back', async () => {
      await rig.insert(UID);
      valueOf(await reader.acceptCard(SOON));
      valueOf(await reader.returnCard({}));
      expect(await reader.acceptCard(AT_ONCE)).toEqual(refused('nothingInserted'));
      await rig.take();
      await rig.events.heard('cardRemoved');
      expect(await cardNow()).toBe('notPresent');
      await rig.insert(UID);
      expect(await reader.acceptCard(SOON)).toMatchObject({ ok: true });
    });

    it('captures the held card for good, and counts it', async () => {
      const before = valueOf(await reader.getStatus({})).capturedCount ?? 0;
      await rig.insert(UID);
      valueOf(await reader.acceptCard(SOON));
      expect(valueOf(await reader.captureCard({}))).toEqual({ capturedCount: before + 1 });
      await expect(rig.take()).rejects.toThrow();
      expect(await cardNow()).toBe('notPresent');
      expect(await reader.returnCard({})).toEqual(refused('noCard'));
    });
  });
}
