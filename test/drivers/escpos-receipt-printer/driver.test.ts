import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { away } from '../../../drivers/contract/status-teller.ts';
import { misconfigured } from '../../../drivers/usb/claim-status.ts';
import { receiptPrinterCommands } from '../../../drivers/contract/receipt-printer.ts';
import { SIMULATED_RECEIPT_PRINTER } from '../../../drivers/escpos-receipt-printer/simulator-bus.ts';
import {
  SimulatedReceiptPrinter,
  type Manner,
} from '../../../drivers/escpos-receipt-printer/simulator.ts';
import { FULL, machineOf, PLAIN, usbRig, type Model } from './escpos-rig.ts';

const receiptOf = (...lines: readonly string[]) =>
  receiptPrinterCommands.printReceipt.params.parse({
    items: lines.map((text) => ({ kind: 'text', text })),
  });
const TEN = receiptOf(...Array.from({ length: 10 }, (_, index) => `baris ${index + 1}`));
/** More than any command may take. */
const LIMIT_MS = 60_000;
const STEP_MS = 10;

/** A driver on a simulated bus in a time of its own. */
function rigOf(model: Model = FULL, connection: { maker?: string; model?: string } = {}) {
  const clock = new FakeClock();
  const rig = usbRig(model, { clock, connection });
  /** Lets time go by until the work is done. Rejects where it takes longer than it may. */
  async function inTime<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const isOver = (): boolean => over;
    const ended = work.finally(() => {
      over = true;
    });
    for (let ms = 0; !isOver() && ms < LIMIT_MS; ms += STEP_MS) {
      await turn();
      clock.advance(isOver() ? 0 : STEP_MS);
    }
    if (!isOver()) throw new Error(`not done in ${LIMIT_MS} ms`);
    return ended;
  }
  return { ...rig, clock, inTime };
}

async function started(model: Model = FULL) {
  const rig = rigOf(model);
  await rig.inTime(rig.driver.start());
  return rig;
}

const words = (printer: SimulatedReceiptPrinter): string[] =>
  [...printer.receipts.flat(), ...printer.hanging].flatMap((line) =>
    line.kind === 'text' && line.text.trim() !== '' ? [line.text.trim()] : [],
  );
const STOPPED = { ok: false, error: { kind: 'commandError', errorCode: 'paperOut' } };

describe('a receipt printer of which the configuration says what it names itself', () => {
  const NAMED = { maker: 'SPESIMEN', model: 'struk' };
  const SAYS = 'MFG:SPESIMEN;MDL:struk;CMD:ESC/POS;CLS:PRINTER;';

  it.each([
    ['the same', SAYS, NAMED, { state: 'online', reasons: [] }],
    ['its maker', SAYS, { maker: 'SPESIMEN' }, { state: 'online', reasons: [] }],
    ['another maker', SAYS.replace('SPESIMEN', 'Lain'), NAMED, misconfigured('otherMaker')],
    ['another model', SAYS.replace('struk', 'lain'), NAMED, misconfigured('otherModel')],
    ['nothing', '', { model: 'struk' }, misconfigured('otherModel')],
    ['no word', null, NAMED, away('stalled')],
  ])(
    'is driven where it is that one, and sent nothing otherwise: %s',
    async (_what, says, named, status) => {
      const { driver, bus, events, printer, inTime, stop } = rigOf(FULL, named);
      bus.deviceId = says;
      const asked = printer.whenAsked().then(() => true);
      await inTime(driver.start());
      expect(events.named('statusChanged')).toMatchObject([status]);
      const isDriven = status.state === 'online';
      expect(bus.isOpen()).toBe(isDriven);
      expect(await Promise.race([asked, turn().then(() => false)])).toBe(isDriven);
      await inTime(stop());
    },
  );
});

describe('a receipt printer that tells of changes', () => {
  it('is heard when its paper ends while nobody prints, and when it has some again', async () => {
    const { events, printer, inTime, stop } = await started();
    events.forget();
    printer.strike('paperEnds');
    await inTime(events.heard('statusChanged', ({ reasons }) => reasons[0] === 'mediaEmpty'));
    printer.loadRoll();
    await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
    await inTime(stop());
  });

  it('is found with its fault, where it has one when the driver comes', async () => {
    const { driver, events, printer, inTime, stop } = rigOf();
    printer.openCover();
    await inTime(driver.start());
    expect(events.named('statusChanged')).toEqual([
      { state: 'hardwareError', reasons: ['coverOpen'], requiredAction: 'clear' },
    ]);
    await inTime(stop());
  });

  it('tells why, where its memory is full and nothing goes over any more', async () => {
    const { driver, printer, inTime, stop } = await started();
    printer.hold();
    const long = receiptOf(...Array.from({ length: 60 }, () => 'x'.repeat(150)));
    const printing = driver.handlers.printReceipt(long);
    while (!printer.isFull) await turn();
    printer.strike('paperEnds');
    expect(await inTime(printing)).toEqual(STOPPED);
    expect(words(printer)).toEqual([]);
    await inTime(stop());
  });
});

describe('what is left of a receipt that stopped', () => {
  it('is thrown away where the printer can, and is not printed on a new roll', async () => {
    const { driver, printer, inTime, stop } = await started();
    printer.strike('paperEnds', 3);
    expect(await inTime(driver.handlers.printReceipt(TEN))).toEqual(STOPPED);
    printer.loadRoll();
    expect((await inTime(driver.handlers.printReceipt(receiptOf('neu')))).ok).toBe(true);
    expect(words(printer)).toEqual(['baris 1', 'baris 2', 'baris 3', 'neu']);
    await inTime(stop());
  });

  it('is thrown away when a driver comes, whoever sent it', async () => {
    const { driver, printer, inTime, stop } = rigOf();
    printer.hold();
    printer.receive(Buffer.from('dari sesi lama\n'));
    await inTime(driver.start());
    printer.release();
    expect(words(printer)).toEqual([]);
    await inTime(stop());
  });

  it.each(['processId', 'paperStatus'] as const)(
    'is not taken for the next receipt where the printer keeps it, by %s',
    async (endOfJob) => {
      const model = { ...FULL, endOfJob, clearsBuffers: false };
      const { driver, printer, inTime, stop } = await started(model);
      printer.strike('paperEnds', 3);
      expect(await inTime(driver.handlers.printReceipt(TEN))).toEqual(STOPPED);
      printer.hold();
      printer.loadRoll();
      // The rest of the first comes out, its answer too; then the paper ends in the second.
      const second = driver.handlers.printReceipt(receiptOf('dua', 'dua', 'dua', 'dua'));
      await inTime(printer.whenAsked());
      await inTime(printer.whenAsked());
      printer.strike('paperEnds', 15);
      printer.release();
      expect(await inTime(second)).toEqual(STOPPED);
      expect(words(printer).filter((line) => line === 'dua').length).toBeLessThan(4);
      await inTime(stop());
    },
  );
});

describe('a receipt printer that answers badly', () => {
  it.each<[Manner, object]>([
    ['silent', { kind: 'noAnswer' }],
    ['half', { kind: 'noAnswer' }],
    ['garbage', { kind: 'hardwareError', reason: 'garbled' }],
    ['endless', { kind: 'hardwareError', reason: 'garbled' }],
  ])('in the middle of a receipt, %s, proves nothing and is left', async (manner, error) => {
    const { driver, events, printer, inTime, stop } = await started();
    printer.hold();
    const printing = driver.handlers.printReceipt(TEN);
    await inTime(printer.whenHolding());
    printer.manner = manner;
    printer.release();
    expect(await inTime(printing)).toEqual({ ok: false, error });
    await inTime(events.heard('statusChanged', ({ state }) => state === 'powerOff'));
    await inTime(stop());
  });

  it.each<[Manner, string]>([
    ['silent', 'silent'],
    ['half', 'silent'],
    ['garbage', 'garbled'],
    ['endless', 'garbled'],
  ])('from the beginning, %s, is away and looked for again', async (manner, reason) => {
    const { driver, events, printer, inTime, stop } = rigOf();
    printer.manner = manner;
    await inTime(driver.start());
    expect(events.named('statusChanged')).toEqual([
      { state: 'powerOff', reasons: [reason], requiredAction: 'maintenance' },
    ]);
    expect(await driver.handlers.printReceipt(TEN)).toEqual({
      ok: false,
      error: { kind: 'deviceGone' },
    });
    printer.manner = 'good';
    await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
    await inTime(stop());
  });

  it('has printed what it said that it printed, and is left when it says nothing after that', async () => {
    const { driver, events, printer, inTime, stop } = await started();
    printer.hold();
    const printing = driver.handlers.printReceipt(TEN);
    await inTime(printer.whenHolding());
    printer.afterNext = 'silent';
    printer.release();
    expect(await inTime(printing)).toEqual({ ok: true, value: { evidence: 'deviceReported' } });
    await inTime(events.heard('statusChanged', ({ reasons }) => reasons[0] === 'silent'));
    await inTime(stop());
  });

  it('ends a receipt that is never printed before core stops waiting', async () => {
    const { driver, clock, printer, inTime, stop } = await started();
    printer.hold();
    const beganMs = clock.monotonicMs();
    const answer = await inTime(driver.handlers.printReceipt(TEN));
    expect(answer).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    const tookMs = clock.monotonicMs() - beganMs;
    expect(tookMs).toBeLessThan(receiptPrinterCommands.printReceipt.timeoutMs);
    await inTime(stop());
  });
});

describe('a receipt printer on a bus with others', () => {
  const other = {
    ...SIMULATED_RECEIPT_PRINTER,
    id: 'simulated-usb-2',
    serialNumber: 'SPESIMEN0002',
  };

  it('is left alone where two are alike', async () => {
    const { driver, events, bus, inTime, stop } = rigOf();
    bus.plug({ printer: new SimulatedReceiptPrinter(machineOf(FULL)), listed: other });
    await inTime(driver.start());
    expect(events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' },
    ]);
    expect([bus.isOpen(), bus.isOpen(other.id)]).toEqual([false, false]);
    await inTime(stop());
  });

  it.each(['noBus', 'usbFailed'] as const)(
    'is away where the USB cannot be listed, %s, and is looked for again',
    async (reason) => {
      const { driver, events, bus, inTime, stop } = rigOf();
      bus.unlisted = reason;
      await inTime(driver.start());
      expect(events.named('statusChanged')).toMatchObject([
        { state: 'powerOff', reasons: [reason] },
      ]);
      bus.unlisted = null;
      await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
      await inTime(stop());
    },
  );

  it('between the claim and the first transfer is missed, let go of, and found when it is back', async () => {
    const { driver, events, bus, printer, inTime, stop } = rigOf();
    bus.unplugOnFirstTransfer();
    await inTime(driver.start());
    expect(events.named('statusChanged')).toMatchObject([{ reasons: ['unplugged'] }]);
    expect(bus.isOpen()).toBe(false);
    bus.plug({ printer });
    await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
    await inTime(stop());
  });

  it('is missed where the bus said nothing, and found when it is back', async () => {
    const { driver, events, bus, printer, inTime, stop } = rigOf();
    await inTime(driver.start());
    bus.vanish();
    await inTime(events.heard('statusChanged', ({ reasons }) => reasons[0] === 'unplugged'));
    events.forget();
    bus.plug({ printer });
    await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
    expect((await inTime(driver.handlers.printReceipt(TEN))).ok).toBe(true);
    await inTime(stop());
  });

  it('is left to another program that has it, which is named', async () => {
    const { driver, events, bus, printer, inTime, stop } = rigOf();
    bus.plug({ printer, heldBy: 'usbfs' });
    await inTime(driver.start());
    expect(events.named('statusChanged')).toMatchObject([{ reasons: ['heldBy.usbfs'] }]);
    await inTime(stop());
  });

  it('is let go of when the driver stops, in the middle of a receipt too', async () => {
    const { driver, bus, clock, printer, inTime, stop } = await started(PLAIN);
    printer.hold();
    const printing = driver.handlers.printReceipt(TEN);
    await inTime(printer.whenHolding());
    await inTime(driver.stop());
    expect(await inTime(printing)).toEqual({ ok: false, error: { kind: 'deviceGone' } });
    expect([bus.isOpen(), clock.pending]).toEqual([false, 0]);
    await inTime(stop());
  });
});

describe('a halted pipe of a receipt printer', () => {
  it('is cleared when the driver comes', async () => {
    const { driver, events, bus, inTime, stop } = rigOf();
    bus.halt('in');
    bus.halt('out');
    await inTime(driver.start());
    expect(events.named('statusChanged')).toMatchObject([{ state: 'online' }]);
    await inTime(stop());
  });

  it('towards us is cleared before anything is missed', async () => {
    const { driver, events, bus, inTime, stop } = await started();
    events.forget();
    bus.halt('in');
    expect((await inTime(driver.handlers.printReceipt(TEN))).ok).toBe(true);
    expect(events.named('statusChanged')).toEqual([]);
    await inTime(stop());
  });

  it('towards it fails what was to be sent, and the line is opened anew', async () => {
    const { driver, events, bus, inTime, stop } = await started();
    bus.halt('out');
    events.forget();
    expect(await inTime(driver.handlers.printReceipt(TEN))).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'stalled' },
    });
    await inTime(events.heard('statusChanged', ({ state }) => state === 'online'));
    expect((await inTime(driver.handlers.printReceipt(TEN))).ok).toBe(true);
    await inTime(stop());
  });
});
