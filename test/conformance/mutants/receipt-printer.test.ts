import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import type {
  ReceiptItem,
  ReceiptPrinterStatus,
} from '../../../drivers/contract/receipt-printer.ts';
import type { PrinterCommand } from '../../../drivers/escpos-receipt-printer/simulator-parser.ts';
import { SimulatedReceiptPrinter } from '../../../drivers/escpos-receipt-printer/simulator.ts';
import { err, ok } from '../../../src/base/result.ts';
import {
  FULL,
  machineOf,
  PLAIN,
  usbRig,
  type Model,
} from '../../drivers/escpos-receipt-printer/escpos-rig.ts';
import { FlowingClock } from '../../drivers/flowing-clock.ts';
import {
  receiptPrinterCases,
  type ReceiptPrinterHands,
  type ReceiptPrinterRig,
} from '../receipt-printer-suite.ts';
import { answering, driverWith, proveSuite, saying, type Mutant, type Subject } from './proved.ts';

type Handlers = CommandHandlers<'receiptPrinter'>;

interface ReceiptMutant extends Mutant {
  readonly printer?: () => SimulatedReceiptPrinter;
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
  /** What comes of it for who stands there, of which the printer tells nothing. */
  readonly secretly?: (right: ReceiptPrinterHands) => Partial<ReceiptPrinterHands>;
  readonly deafToStop?: true;
}

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

const answers = answering<'receiptPrinter'>();
const says = saying<'receiptPrinter'>();
const WELL: ReceiptPrinterStatus = {
  state: 'online',
  reasons: [],
  requiredAction: 'none',
  paper: 'full',
  cover: 'closed',
};
const alwaysWell = () => ({ getStatus: () => Promise.resolve(ok(WELL)) });

const printing = (change: (items: ReceiptItem[]) => ReceiptItem[]) => (right: Handlers) => ({
  printReceipt: ({ items }: { items: ReceiptItem[] }) =>
    right.printReceipt({ items: change(items) }),
});
const cutTo = (columns: number, contentLength: number) =>
  printing((items) =>
    items.map((item) =>
      item.kind === 'text'
        ? { ...item, text: item.text.slice(0, columns) }
        : item.kind === 'qr'
          ? { ...item, content: item.content.slice(0, contentLength) }
          : item,
    ),
  );
const believing = answers('printReceipt', () => ok({ evidence: 'deviceReported' }));

const mutants: readonly ReceiptMutant[] = [
  {
    is: 'claims no cutter and has one',
    noticedBy: ['claims the capabilities'],
    wrong: says('getCapabilities', (told) => ({ ...told, cutter: false })),
  },
  {
    is: 'does not look at its cover',
    noticedBy: ['is online with paper and its cover closed'],
    wrong: says('getStatus', (told) => ({ ...told, cover: 'unknown' })),
  },
  {
    is: 'says that it has printed what it only holds',
    noticedBy: ['does not say that a receipt was printed before'],
    printer: () => new HastyPrinter(),
  },
  {
    is: 'does not cut',
    noticedBy: ['cuts each receipt off', 'says that the cutter is jammed'],
    printer: () => new PrinterWithout('cut'),
  },
  {
    is: 'leaves QR codes out',
    noticedBy: ['prints everything of a receipt', 'prints the longest QR code'],
    printer: () => new PrinterWithout('qrPrint'),
  },
  {
    is: 'prints everything in one size',
    noticedBy: ['prints emphasis, double size'],
    printer: () => new PrinterWithout('size'),
  },
  {
    is: 'loses the last item',
    noticedBy: ['prints everything of a receipt'],
    wrong: printing((items) => items.slice(0, -1)),
  },
  {
    is: 'prints as much as a line holds',
    noticedBy: ['breaks long text at spaces', 'prints the longest QR code'],
    wrong: cutTo(FULL.columns, 48),
  },
  {
    is: 'claims less than it can prove',
    noticedBy: ['prints everything of a receipt', 'does not say that a receipt was printed before'],
    wrong: says('printReceipt', () => ({ evidence: 'hostAccepted' })),
  },
  {
    is: 'takes every end for a good one',
    noticedBy: [
      'never says that a receipt was printed whose paper ended',
      'refuses where there is no paper',
      'refuses where the cover is open',
      'says that the cutter is jammed',
      'believes nothing of a printer that talks nonsense',
      'says so when it is unplugged',
      'says that it is gone when it is unplugged in the middle',
    ],
    wrong: believing,
  },
  {
    is: 'never looks at its roll or its line',
    noticedBy: [
      'tells that the roll comes to its end',
      'refuses where there is no paper',
      'says nothing of a printer that is silent',
      'believes nothing of a printer that talks nonsense',
    ],
    wrong: alwaysWell,
  },
  {
    is: 'makes up later for what it refused',
    noticedBy: ['refuses where there is no paper', 'refuses where the cover is open'],
    wrong: (right) => {
      let owed: ReceiptItem[] = [];
      return {
        printReceipt: async ({ items }) => {
          const answer = await right.printReceipt({ items: [...owed, ...items] });
          owed = answer.ok ? [] : items;
          return answer;
        },
      };
    },
  },
  {
    is: 'calls an open cover an empty roll',
    noticedBy: ['refuses where the cover is open'],
    wrong: answers('printReceipt', (answer) =>
      answer.ok ? answer : err({ kind: 'commandError', errorCode: 'paperOut' }),
    ),
  },
  {
    is: 'begins under a jammed cutter',
    noticedBy: ['says that the cutter is jammed'],
    secretly: (right) => {
      let looked = 0;
      return {
        hanging: async () => {
          const lines = await right.hanging();
          return looked++ > 0 ? [...lines, ...lines] : lines;
        },
      };
    },
  },
  {
    is: 'calls a printer that was pulled out not ready',
    noticedBy: ['says so when it is unplugged', 'says that it is gone when it is unplugged in'],
    wrong: answers('printReceipt', (answer) =>
      answer.ok ? answer : err({ kind: 'notReady', reason: 'away' }),
    ),
  },
  {
    is: 'does not come back once it is plugged in',
    noticedBy: ['says so when it is unplugged'],
    secretly: () => ({ plug: () => Promise.resolve() }),
  },
  { is: 'goes on when stopped', noticedBy: ['says nothing more once'], deafToStop: true },
];

const plainMutants: readonly ReceiptMutant[] = [
  {
    is: 'leaves its last line where nobody can tear it off',
    noticedBy: ['leaves each receipt hanging'],
    secretly: (right) => ({ hanging: async () => (await right.hanging()).slice(0, -3) }),
  },
  {
    is: 'claims to have seen what it cannot see',
    noticedBy: ['prints everything of a receipt'],
    wrong: believing,
  },
];

const capabilitiesOf = ({ columns, cutter, paperNearEnd, coverSensor, endOfJob }: Model) => ({
  ...{ columns, cutter, paperNearEnd, coverSensor },
  completedMeans:
    endOfJob === 'processId' ? ('deviceReported' as const) : ('hostAccepted' as const),
});

const on =
  (model: Model): Subject<ReceiptPrinterRig, ReceiptMutant>['on'] =>
  async ({ printer, wrong = () => ({}), secretly = () => ({}), deafToStop }, prove) => {
    const clock = new FlowingClock();
    const right = usbRig(model, {
      clock,
      ...(printer === undefined ? {} : { printer: printer() }),
    });
    const { driver, hands } = right;
    const stop = deafToStop === true ? () => Promise.resolve() : undefined;
    await driver.start();
    try {
      await prove({
        ...right,
        driver: driverWith(driver, wrong(driver.handlers), stop),
        hands: { ...hands, ...secretly(hands) },
      });
    } finally {
      await right.stop();
    }
  };

proveSuite(
  'receipt printers',
  [
    { model: FULL, mutants },
    { model: PLAIN, mutants: plainMutants },
  ].map(({ model, mutants: made }) => ({
    cases: receiptPrinterCases(capabilitiesOf(model)),
    mutants: made,
    on: on(model),
  })),
);
