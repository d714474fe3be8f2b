import { describe, expect, it } from '@jest/globals';
import type { Driver } from '../../drivers/contract/driver.ts';
import type { ReceiptPrinterStatus } from '../../drivers/contract/receipt-printer.ts';
import type { PrinterCommand } from '../../drivers/escpos-receipt-printer/simulator-parser.ts';
import { SimulatedReceiptPrinter } from '../../drivers/escpos-receipt-printer/simulator.ts';
import { FULL, machineOf, usbRig } from '../drivers/escpos-receipt-printer/escpos-rig.ts';
import { receiptPrinterCases, type ReceiptPrinterRig } from './receipt-printer-suite.ts';

const CAPABILITIES = {
  columns: 48,
  cutter: true,
  paperNearEnd: true,
  coverSensor: true,
  completedMeans: 'deviceReported',
} as const;

/** A printer that does as it is told but for one thing. */
class PrinterWithout extends SimulatedReceiptPrinter {
  readonly #ignored: PrinterCommand['kind'];

  constructor(ignored: PrinterCommand['kind']) {
    super(machineOf(FULL));
    this.#ignored = ignored;
  }

  protected override perform(command: PrinterCommand): void {
    if (command.kind !== this.#ignored) super.perform(command);
  }
}

/** Gives a mark back as soon as it has it. */
class HastyPrinter extends SimulatedReceiptPrinter {
  #came = '';

  constructor() {
    super(machineOf(FULL));
  }

  override receive(bytes: Uint8Array): void {
    super.receive(bytes);
    this.#came += Buffer.from(bytes).toString('latin1');
    const id = /\x1d\(H\x06\x0000([ -~]{4})/.exec(this.#came)?.[1];
    if (id !== undefined) this.giveBack(id);
  }
}

const onPrinter = (printer: SimulatedReceiptPrinter): ReceiptPrinterRig =>
  usbRig(FULL, { printer });

type Handlers = Driver<'receiptPrinter'>['handlers'];

function withDriver(changed: (handlers: Handlers) => Partial<Handlers>): ReceiptPrinterRig {
  const rig = usbRig();
  const { driver } = rig;
  const mutant: Driver<'receiptPrinter'> = {
    deviceClass: 'receiptPrinter',
    handlers: { ...driver.handlers, ...changed(driver.handlers) },
    start: () => driver.start(),
    stop: () => driver.stop(),
  };
  return { ...rig, driver: mutant };
}

const WELL: ReceiptPrinterStatus = {
  state: 'online',
  reasons: [],
  requiredAction: 'none',
  paper: 'full',
  cover: 'closed',
};

const mutants: readonly (readonly [is: string, killedBy: string, made: () => ReceiptPrinterRig])[] =
  [
    [
      'a printer that says it has printed what it only holds',
      'does not say that a receipt was printed before the printer does',
      () => onPrinter(new HastyPrinter()),
    ],
    [
      'a printer that does not cut',
      'cuts each receipt off after all of it',
      () => onPrinter(new PrinterWithout('cut')),
    ],
    [
      'a printer that leaves QR codes out',
      'prints everything of a receipt, in order, with the evidence it claims',
      () => onPrinter(new PrinterWithout('qrPrint')),
    ],
    [
      'a printer that prints everything in one size',
      'prints emphasis, double size and alignment as asked',
      () => onPrinter(new PrinterWithout('size')),
    ],
    [
      'a driver that takes every end for a good one',
      'never says that a receipt was printed whose paper ended in the middle',
      () =>
        withDriver(({ printReceipt }) => ({
          printReceipt: async (params) => {
            await printReceipt(params);
            return { ok: true, value: { evidence: 'deviceReported' } };
          },
        })),
    ],
    [
      'a driver that never looks at the roll',
      'tells that the roll comes to its end, and prints on',
      () => withDriver(() => ({ getStatus: () => Promise.resolve({ ok: true, value: WELL }) })),
    ],
    [
      'a driver that keeps what it knew of a printer that fell silent',
      'says nothing of a printer that is silent, and finds it again',
      () => withDriver(() => ({ getStatus: () => Promise.resolve({ ok: true, value: WELL }) })),
    ],
    [
      'a driver that loses the last item',
      'prints everything of a receipt, in order, with the evidence it claims',
      () =>
        withDriver(({ printReceipt }) => ({
          printReceipt: ({ items }) => printReceipt({ items: items.slice(0, -1) }),
        })),
    ],
  ];

describe('the conformance suite of receipt printers', () => {
  it.each(mutants)('kills %s', async (_, killedBy, made) => {
    const found = receiptPrinterCases(CAPABILITIES).find(({ name }) => name === killedBy);
    if (found === undefined) throw new Error(`the suite has no case "${killedBy}"`);
    const rig = made();
    await rig.driver.start();
    try {
      await expect(found.prove(rig)).rejects.toThrow(/expect/);
    } finally {
      await rig.stop();
    }
  });
});
