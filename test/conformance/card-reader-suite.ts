import { expect } from '@jest/globals';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type { CardReaderCapabilities, EKtpBiodata } from '../../drivers/contract/card-reader.ts';
import type { CardFault } from '../../drivers/ektp/simulator.ts';
import type { Result } from '../../src/base/result.ts';
import { siti, suparman, TYPE_A_UID } from '../drivers/ektp/synthetic-card.ts';
import { allOnOne, withHelp, type Case } from './case.ts';
import type { EventTape } from './event-tape.ts';

/** A contactless card reader, and the hands of the citizen and the technician. */
export interface CardReaderUnderTest {
  readonly events: EventTape;
  /** What it says to be while it is broken down. */
  readonly brokenState: 'offline' | 'powerOff' | 'noDevice';
  call(command: string, params: unknown): Promise<Result<unknown, CommandFailure>>;
  tap(card: { uidHex: string; biodata: EKtpBiodata }, fault: CardFault | null): Promise<void>;
  untap(): Promise<void>;
  /** Takes away what the reader hangs on, and gives it back. */
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** What does not follow from the capabilities of a reader. */
export interface CardReaderTraits {
  /** It ends a command by itself to which no card answers. QEMU's reader does not, and libccid waits for it. */
  readonly endsHungCommands: boolean;
}

const errorCode = (code: string) => ({
  ok: false,
  error: { kind: 'commandError', errorCode: code },
});

/** Every card reader driver that is not motorised keeps this, with the capabilities it claims. */
export function cardReaderCases(
  capabilities: CardReaderCapabilities,
  { endsHungCommands }: CardReaderTraits = { endsHungCommands: true },
): readonly Case<CardReaderUnderTest>[] {
  const card = { uidHex: TYPE_A_UID, biodata: siti };
  const identityOf = (biodata: EKtpBiodata) =>
    capabilities.sam
      ? { assurance: 'authenticated', uidHex: TYPE_A_UID, biodata }
      : { assurance: 'present', uidHex: TYPE_A_UID };
  const help = (reader: CardReaderUnderTest) => ({
    reader,
    tap: async (biodata: EKtpBiodata, fault: CardFault | null = null): Promise<void> => {
      await reader.tap({ ...card, biodata }, fault);
      await reader.events.until('cardInserted');
    },
    untap: async (): Promise<void> => {
      await reader.untap();
      await reader.events.until('cardRemoved');
    },
  });

  return withHelp(help, [
    {
      title: 'says what it can do',
      prove: async ({ reader }) => {
        expect(await reader.call('getCapabilities', {})).toEqual({ ok: true, value: capabilities });
      },
    },

    {
      title: 'is online and empty before anybody comes',
      prove: async ({ reader }) => {
        const status = await reader.call('getStatus', {});
        expect(status).toMatchObject({
          ok: true,
          value: { state: 'online', reasons: [], card: 'notPresent', captureBin: 'notSupported' },
        });
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('noCard'));
      },
    },

    {
      title: 'reads who the card says it is, as often as asked',
      prove: async ({ reader, tap, untap }) => {
        await tap(siti);
        expect(await reader.call('getStatus', {})).toMatchObject({ value: { card: 'present' } });
        const identity = { ok: true, value: identityOf(siti) };
        expect(await reader.call('readIdentity', {})).toEqual(identity);
        expect(await reader.call('readIdentity', {})).toEqual(identity);
        await untap();
        expect(await reader.call('getStatus', {})).toMatchObject({ value: { card: 'notPresent' } });
      },
    },

    {
      title: 'never gives the last card for the next one',
      prove: async ({ reader, tap, untap }) => {
        await tap(siti);
        await reader.call('readIdentity', {});
        await untap();
        await tap(suparman);
        expect(await reader.call('readIdentity', {})).toEqual({
          ok: true,
          value: identityOf(suparman),
        });
        await untap();
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('noCard'));
      },
    },

    {
      title: 'tells a card that answers garbage',
      prove: async ({ reader, tap, untap }) => {
        await tap(siti, 'garbage');
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('cardGarbled'));
        await untap();
      },
    },

    {
      title: 'tells a card pulled out during the reading, and reads the next',
      where: endsHungCommands,
      prove: async ({ reader, tap, untap }) => {
        await tap(siti, 'pulledMidRead');
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('cardRemoved'));
        await reader.events.until('cardRemoved');
        await tap(siti);
        expect((await reader.call('readIdentity', {})).ok).toBe(true);
        await untap();
      },
    },

    {
      title: 'tells a card that does not answer, and reads the next',
      where: endsHungCommands,
      prove: async ({ reader, tap, untap }) => {
        await tap(siti, 'silent');
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('cardSilent'));
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('cardSilent'));
        await untap();
        await tap(siti);
        expect((await reader.call('readIdentity', {})).ok).toBe(true);
        await untap();
      },
    },

    {
      title: 'refuses a card that the SAM does not know',
      where: capabilities.sam,
      prove: async ({ reader, tap, untap }) => {
        await tap(siti, 'stranger');
        expect(await reader.call('readIdentity', {})).toEqual(errorCode('authenticationFailed'));
        await untap();
      },
    },

    {
      title: 'refuses to move cards',
      prove: async ({ reader }) => {
        for (const [command, params] of [
          ['acceptCard', { expectedUidHex: null, waitMs: 1 }],
          ['captureCard', {}],
          ['returnCard', {}],
        ] as const) {
          expect(await reader.call(command, params)).toEqual({
            ok: false,
            error: { kind: 'unsupported' },
          });
        }
      },
    },

    {
      title: 'says when it is out of order, recovers by itself, and takes the card for a new one',
      prove: async ({ reader, tap, untap }) => {
        await tap(siti);
        reader.events.skip();
        await reader.breakDown();
        await reader.events.until('statusChanged', stateIs(reader.brokenState));
        // One that is pulled out may still find time to say that its card went.
        const toldAlready = reader.events.passedOver('cardRemoved');
        expect(await reader.call('readIdentity', {})).toMatchObject({
          ok: false,
          error: { kind: 'notReady' },
        });
        expect(await reader.call('getStatus', {})).toMatchObject({ value: { card: 'unknown' } });
        await reader.mend();
        if (!toldAlready) await reader.events.until('cardRemoved');
        await reader.events.until('cardInserted');
        expect(await untilRead(reader)).toEqual({ ok: true, value: identityOf(siti) });
        await untap();
      },
    },
  ]);
}

export function cardReaderSuite(
  name: string,
  capabilities: CardReaderCapabilities,
  open: () => Promise<CardReaderUnderTest>,
  traits?: CardReaderTraits,
): void {
  allOnOne(`${name}, as a card reader`, cardReaderCases(capabilities, traits), open);
}

const stateIs =
  (state: string) =>
  (payload: unknown): boolean =>
    (payload as { readonly state: string }).state === state;

/** A SAM needs a moment longer than the card to be seen again. */
async function untilRead(reader: CardReaderUnderTest): Promise<unknown> {
  for (;;) {
    const reading = await reader.call('readIdentity', {});
    const waiting =
      !reading.ok &&
      reading.error.kind === 'commandError' &&
      reading.error.errorCode === 'samMissing';
    if (!waiting) return reading;
    await reader.events.until('statusChanged');
  }
}
