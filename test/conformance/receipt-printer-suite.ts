import { expect } from '@jest/globals';
import type { Driver } from '../../drivers/contract/driver.ts';
import type {
  ReceiptItem,
  ReceiptPrinterCapabilities,
} from '../../drivers/contract/receipt-printer.ts';
import type { PrintedLine } from '../../drivers/escpos-receipt-printer/simulator-paper.ts';
import type { EventLog } from '../drivers/cabinet/event-log.ts';
import { eachOnItsOwn, type Case } from './case.ts';
import { checked, valueOf } from './checked-driver.ts';

/** What a hand does at once, or where the printer is far away, once it was told. */
type Done<T = void> = T | Promise<T>;

/** Whoever stands at the printer, and sees what it prints. */
export interface ReceiptPrinterHands {
  /** Each that was cut or torn off, as it is read off the paper. */
  readonly receipts: () => Done<readonly (readonly PrintedLine[])[]>;
  /** What hangs out of it. */
  readonly hanging: () => Done<readonly PrintedLine[]>;
  /** Now, or so many lines later. */
  readonly endPaper: (afterLines?: number) => Done;
  readonly loadRoll: (lines?: number) => Done;
  readonly openCover: () => Done;
  readonly closeCover: () => Done;
  readonly jamCutter: () => Done;
  readonly clearCutter: () => Done;
  /** Makes it slow: it prints nothing until it is released. */
  readonly hold: () => Done;
  readonly release: () => Done;
  readonly whenHolding: () => Promise<void>;
  /** Completes when the driver next asks it how it is. */
  readonly whenAsked: () => Promise<void>;
  readonly manner: (manner: 'good' | 'silent' | 'garbage') => Done;
  readonly unplug: () => Promise<void>;
  readonly plug: () => Promise<void>;
}

export interface ReceiptPrinterRig {
  readonly driver: Driver<'receiptPrinter'>;
  readonly events: EventLog<'receiptPrinter'>;
  readonly hands: ReceiptPrinterHands;
  /** Completes when the line was let go of, or the driver was told that it is gone. */
  lineEnded(): Promise<void>;
  /** Completes when all is let go of; rejects where the printer was sent what it does not know. */
  stop(): Promise<void>;
}

const text = (content: string, more: Partial<Extract<ReceiptItem, { kind: 'text' }>> = {}) => ({
  kind: 'text' as const,
  text: content,
  align: 'left' as const,
  emphasis: false,
  size: 'normal' as const,
  ...more,
});
const QR = 'https://spesimen.example/v/ABCDEFGH';
const RECEIPT: ReceiptItem[] = [
  text('SPESIMEN', { align: 'center', size: 'double' }),
  text('Terima kasih', { align: 'right', emphasis: true }),
  { kind: 'rule' },
  text('KTP-el'),
  { kind: 'feed', lines: 2 },
  { kind: 'qr', content: QR },
  text('selesai'),
];

/** The lines with something on them, in order. */
const inked = (lines: readonly PrintedLine[]): PrintedLine[] =>
  lines.filter((line) => line.kind === 'qr' || line.text.trim() !== '');
const words = (lines: readonly PrintedLine[]): string[] =>
  inked(lines).map((line) => (line.kind === 'qr' ? line.content : line.text.trim()));
const WORDS = (columns: number): string[] => [
  ...['SPESIMEN', 'Terima kasih', '-'.repeat(columns), 'KTP-el', QR, 'selesai'],
];

/** What the class promises, case by case, of a printer of such capabilities. */
export function receiptPrinterCases(
  capabilities: ReceiptPrinterCapabilities,
): readonly Case<ReceiptPrinterRig>[] {
  const { columns, cutter, paperNearEnd, coverSensor, completedMeans } = capabilities;
  const reports = completedMeans === 'deviceReported';
  const print = (rig: ReceiptPrinterRig, items: ReceiptItem[] = RECEIPT) =>
    checked(rig.driver).printReceipt({ items });
  const status = async (rig: ReceiptPrinterRig) => valueOf(await checked(rig.driver).getStatus({}));
  const printed = async ({ hands }: ReceiptPrinterRig): Promise<readonly PrintedLine[]> => [
    ...(await hands.receipts()).flat(),
    ...(await hands.hanging()),
  ];
  const refused = (errorCode: string) => ({
    ok: false,
    error: { kind: 'commandError', errorCode },
  });
  const state = ({ events }: ReceiptPrinterRig, wanted: string) =>
    events.heard('statusChanged', (told) => told.state === wanted);

  return [
    {
      title: 'claims the capabilities it is tested for',
      prove: async (rig) => {
        expect(await checked(rig.driver).getCapabilities({})).toEqual({
          ok: true,
          value: capabilities,
        });
      },
    },
    {
      title: 'is online with paper and its cover closed, as far as it can tell',
      prove: async (rig) => {
        expect(await status(rig)).toEqual({
          state: 'online',
          reasons: [],
          requiredAction: 'none',
          paper: paperNearEnd ? 'full' : 'unknown',
          cover: coverSensor ? 'closed' : 'unknown',
        });
      },
    },
    {
      title: 'prints everything of a receipt, in order, with the evidence it claims',
      prove: async (rig) => {
        expect(await print(rig)).toEqual({ ok: true, value: { evidence: completedMeans } });
        expect(words(await printed(rig))).toEqual(WORDS(columns));
      },
    },
    {
      title: 'prints emphasis, double size and alignment as asked',
      prove: async (rig) => {
        valueOf(await print(rig));
        const [title, thanks] = inked(await printed(rig));
        const room = columns - 'Terima kasih'.length;
        expect(title).toMatchObject({ double: true, emphasized: false });
        expect(title?.kind === 'text' && /^ +SPESIMEN *$/.test(title.text)).toBe(true);
        expect(thanks).toMatchObject({ double: false, emphasized: true });
        expect(thanks?.kind === 'text' && thanks.text.startsWith(' '.repeat(room))).toBe(true);
      },
    },
    {
      title: 'breaks long text at spaces and loses none of it',
      prove: async (rig) => {
        const long = 'kata '.repeat(40).trim();
        valueOf(await print(rig, [text(long), text(long, { size: 'double' })]));
        const lines = inked(await printed(rig));
        expect(words(lines).join(' ')).toBe(`${long} ${long}`);
        for (const line of lines) {
          const wide = line.kind === 'text' && line.double ? 2 : 1;
          expect(line.kind === 'text' ? line.text.trim().length * wide : 0).toBeLessThanOrEqual(
            columns,
          );
        }
      },
    },
    {
      title: 'prints the longest QR code within the width of its paper',
      prove: async (rig) => {
        const content = 'q'.repeat(300);
        valueOf(await print(rig, [{ kind: 'qr', content }]));
        expect(inked(await printed(rig))).toEqual([{ kind: 'qr', content }]);
      },
    },
    {
      title: 'cuts each receipt off after all of it',
      where: cutter,
      prove: async (rig) => {
        valueOf(await print(rig));
        valueOf(await print(rig, [text('kedua')]));
        expect((await rig.hands.receipts()).map(words)).toEqual([WORDS(columns), ['kedua']]);
        expect(inked(await rig.hands.hanging())).toEqual([]);
      },
    },
    {
      title: 'leaves each receipt hanging, fed to where it is torn off',
      where: !cutter,
      prove: async (rig) => {
        valueOf(await print(rig));
        expect(await rig.hands.receipts()).toEqual([]);
        const after = (await rig.hands.hanging()).slice(-3);
        expect(inked(after)).toEqual([]);
      },
    },
    {
      title: 'tells that the roll comes to its end, and prints on',
      where: paperNearEnd,
      prove: async (rig) => {
        await rig.hands.loadRoll(100);
        const now = await status(rig);
        expect([now.state, now.paper, now.reasons]).toEqual(['online', 'low', ['mediaLow']]);
        expect((await print(rig)).ok).toBe(true);
      },
    },
    {
      title:
        'refuses where there is no paper, prints nothing of it later, and prints again with a new roll',
      prove: async (rig) => {
        await rig.hands.endPaper();
        expect(await print(rig)).toEqual(refused('paperOut'));
        const now = await status(rig);
        expect([now.state, now.paper, now.reasons[0]]).toEqual([
          'hardwareError',
          'out',
          'mediaEmpty',
        ]);
        await rig.hands.loadRoll();
        expect((await status(rig)).state).toBe('online');
        expect(await printed(rig)).toEqual([]);
        expect((await print(rig)).ok).toBe(true);
        expect(words(await printed(rig))).toEqual(WORDS(columns));
      },
    },
    {
      title: 'never says that a receipt was printed whose paper ended in the middle',
      prove: async (rig) => {
        await rig.hands.endPaper(3);
        expect(await print(rig)).toEqual(refused('paperOut'));
        expect(words(await printed(rig))).toEqual(WORDS(columns).slice(0, 3));
      },
    },
    {
      title: 'does not say that a receipt was printed before the printer does',
      where: reports,
      prove: async (rig) => {
        let ended = false;
        await rig.hands.hold();
        const printing = print(rig).then((answer) => {
          ended = true;
          return answer;
        });
        await rig.hands.whenHolding();
        // It is asked, and asked again: nobody took it for done.
        const askedTwice = rig.hands.whenAsked().then(() => rig.hands.whenAsked());
        await Promise.race([askedTwice, printing]);
        expect([ended, await printed(rig)]).toEqual([false, []]);
        await rig.hands.release();
        expect(await printing).toEqual({ ok: true, value: { evidence: 'deviceReported' } });
        expect(words(await printed(rig))).toEqual(WORDS(columns));
      },
    },
    {
      title: 'refuses where the cover is open and prints again once it is closed',
      where: coverSensor,
      prove: async (rig) => {
        await rig.hands.openCover();
        expect(await print(rig)).toEqual(refused('coverOpen'));
        const now = await status(rig);
        expect([now.state, now.cover, now.requiredAction]).toEqual([
          'hardwareError',
          'open',
          'clear',
        ]);
        await rig.hands.closeCover();
        expect((await print(rig)).ok).toBe(true);
        expect(words(await printed(rig))).toEqual(WORDS(columns));
      },
    },
    {
      title: 'says that the cutter is jammed, and begins nothing until it is cleared',
      where: cutter,
      prove: async (rig) => {
        await rig.hands.jamCutter();
        expect(await print(rig)).toEqual(refused('cutterJammed'));
        const lines = (await printed(rig)).length;
        expect(await print(rig)).toEqual(refused('cutterJammed'));
        expect(await printed(rig)).toHaveLength(lines);
        await rig.hands.clearCutter();
        expect((await print(rig)).ok).toBe(true);
      },
    },
    {
      title: 'says nothing of a printer that is silent, and finds it again',
      prove: async (rig) => {
        await rig.hands.manner('silent');
        const now = await status(rig);
        expect([now.state, now.paper, now.cover]).toEqual(['powerOff', 'unknown', 'unknown']);
        expect((await print(rig)).ok).toBe(false);
        rig.events.forget();
        await rig.hands.manner('good');
        await state(rig, 'online');
        expect((await print(rig)).ok).toBe(true);
        expect(words(await printed(rig))).toEqual(WORDS(columns));
      },
    },
    {
      title: 'believes nothing of a printer that talks nonsense, and prints nothing on it',
      prove: async (rig) => {
        await rig.hands.manner('garbage');
        expect((await print(rig)).ok).toBe(false);
        const now = await status(rig);
        expect([now.state, now.paper, now.cover]).toEqual(['powerOff', 'unknown', 'unknown']);
        expect(await printed(rig)).toEqual([]);
      },
    },
    {
      title: 'says so when it is unplugged, and prints again once it is plugged in',
      prove: async (rig) => {
        await rig.hands.unplug();
        await state(rig, 'powerOff');
        expect((await status(rig)).paper).toBe('unknown');
        expect(await print(rig)).toEqual({ ok: false, error: { kind: 'deviceGone' } });
        rig.events.forget();
        await rig.hands.plug();
        await state(rig, 'online');
        expect((await print(rig)).ok).toBe(true);
      },
    },
    {
      title: 'says that it is gone when it is unplugged in the middle of a receipt',
      where: reports,
      prove: async (rig) => {
        await rig.hands.hold();
        const printing = print(rig);
        await rig.hands.whenHolding();
        await rig.hands.unplug();
        expect(await printing).toEqual({ ok: false, error: { kind: 'deviceGone' } });
      },
    },
    {
      title: 'says nothing more once it was stopped',
      prove: async (rig) => {
        await rig.driver.stop();
        rig.events.forget();
        await rig.hands.unplug();
        await rig.lineEnded();
        expect(rig.events.all).toEqual([]);
      },
    },
  ];
}

export function receiptPrinterConformance(
  name: string,
  capabilities: ReceiptPrinterCapabilities,
  setUp: () => Promise<ReceiptPrinterRig>,
): void {
  eachOnItsOwn(`${name} as a receipt printer`, receiptPrinterCases(capabilities), setUp);
}
