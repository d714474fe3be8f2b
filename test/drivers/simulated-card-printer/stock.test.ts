import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cardPrinterFaults,
  isWhileFed,
  type CardPrinterFault,
  type CardPrinterStep,
} from '../../../drivers/simulated-card-printer/faults.ts';
import type { CardPrinterRequest } from '../../../drivers/simulated-card-printer/protocol.ts';
import { profileNames } from '../../../drivers/simulated-card-printer/profiles.ts';
import { kiaBlanks, ktpBlanks, startCabinet } from '../cabinet/cabinet-rig.ts';
import { disagreements } from '../cabinet/stock-balance.ts';

const FEED: CardPrinterRequest = {
  command: 'feedBlank',
  params: { feeder: 'ktp', blankKind: 'ktpEl' },
};
const requests: CardPrinterRequest[] = [
  FEED,
  { command: 'feedBlank', params: { feeder: 'kia', blankKind: 'kia' } },
  { command: 'transmitToChip', params: { apduHex: '00a4040005f0414e4a31' } },
  { command: 'transmitToChip', params: { apduHex: '00a40000020101' } },
  { command: 'transmitToChip', params: { apduHex: '00d600000141' } },
  { command: 'presentCard', params: {} },
  { command: 'retractCard', params: {} },
  { command: 'rejectCard', params: {} },
];
const hands = ['take', 'clear', 'load', 'emptyKtp', 'emptyReject', 'emptyRetract', 'door'] as const;
const faults = (Object.keys(cardPrinterFaults) as CardPrinterStep[]).flatMap((step) =>
  (cardPrinterFaults[step] as readonly CardPrinterFault[]).map((fault) => ({ step, fault })),
);

const acts = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...requests).map((request) => ({ request })) },
  { weight: 2, arbitrary: fc.constantFrom(...hands).map((hand) => ({ hand })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...faults), fc.constantFrom('before' as const, 'after' as const))
      .filter(([{ fault }, when]) => when === 'after' || !isWhileFed(fault))
      .map(([fault, when]) => ({ fault: { ...fault, when, timesLeft: 1 } })),
  },
);

describe('every blank that was ever loaded', () => {
  it('is in one place only, and the record and the world agree where, whatever is done', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...profileNames),
        fc.array(acts, { minLength: 5, maxLength: 30 }),
        async (profile, doings) => {
          const { cabinet, stop } = await startCabinet({ profile });
          cabinet.printerHands.load('ktp', ktpBlanks(4));
          cabinet.printerHands.load('kia', [...kiaBlanks(2), ...ktpBlanks(1, 90)]);
          let next = 100;
          for (const doing of doings) {
            if ('request' in doing) await cabinet.printer.handle(doing.request);
            else if ('fault' in doing) cabinet.printerFaults.arm(doing.fault);
            else if (doing.hand === 'take') cabinet.printerHands.takeCard();
            else if (doing.hand === 'clear') cabinet.printerHands.clearJam();
            else if (doing.hand === 'load') cabinet.printerHands.load('ktp', ktpBlanks(1, next++));
            else if (doing.hand === 'emptyKtp') cabinet.printerHands.emptyFeeder('ktp');
            else if (doing.hand === 'emptyReject') cabinet.printerHands.emptyBin('reject');
            else if (doing.hand === 'emptyRetract') cabinet.printerHands.emptyBin('retract');
            else cabinet.setDoor(cabinet.world.door === 'closed');
            expect(disagreements(cabinet.record.since(0), cabinet.world)).toEqual([]);
          }
          await stop();
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('is missed at once when one movement is left out of the record', async () => {
    const { cabinet, stop } = await startCabinet();
    cabinet.printerHands.load('ktp', ktpBlanks(1));
    await cabinet.printer.handle(FEED);
    await cabinet.printer.handle({ command: 'rejectCard', params: {} });
    const record = cabinet.record.since(0);
    expect(disagreements(record, cabinet.world)).toEqual([]);
    expect(disagreements(record.slice(0, -1), cabinet.world)).toEqual(['KTP-000001']);
    const withoutFeeding = record.filter(({ type }) => type !== 'blankFed');
    expect(() => disagreements(withoutFeeding, cabinet.world)).toThrow('KTP-000001 is at feeder');
    await stop();
  });
});

describe('a feeder', () => {
  it('takes no blank whose serial is in the printer already', async () => {
    const { cabinet, stop } = await startCabinet();
    cabinet.printerHands.load('ktp', ktpBlanks(2));
    const again = cabinet.printerHands.load('kia', ktpBlanks(1));
    expect(again).toMatchObject({ ok: false, error: { kind: 'serialAlreadyHere' } });
    await stop();
  });

  it('holds what it held when the cabinet is started again', async () => {
    const first = await startCabinet();
    first.cabinet.printerHands.load('ktp', ktpBlanks(3));
    await first.cabinet.printer.handle(FEED);
    await first.cabinet.stop();
    const second = await startCabinet({ dataDir: first.dataDir });
    const { feeders, transport, counters } = second.cabinet.world.cardPrinter;
    expect(feeders[0]?.blanks.map(({ serial }) => serial)).toEqual(['KTP-000002', 'KTP-000003']);
    expect(transport?.serial).toBe('KTP-000001');
    expect(counters.fed).toBe(1);
    expect(second.cabinet.record.length).toBe(2);
    await second.stop();
  });
});
