import { deepEqual, notEqual } from 'node:assert/strict';
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import {
  serialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../../drivers/serial-code-scanner/driver.ts';
import { encodeFrame } from '../../../drivers/serial-code-scanner/protocol.ts';
import { usbPorts } from '../../../drivers/serial-line/usb-ports.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';
import { scannerCases, scannerSuite } from './scanner-cases.ts';

const DEVICE = 'CDC-ACM code scanner';
/** The gadget's end of the line; that of a second one is the next. */
const FAR_END = '/dev/ttyGS0';
/** udev's name of it, made of maker, product and serial number: it outlives the order of plugging. */
const PATH = '/dev/serial/by-id/usb-SPESIMEN_lab_Serial_scanner_SPESIMEN-ACM-if00';
const IDENTITY = { vendorId: 0x0525, productId: 0xa4a7, serialNumber: 'SPESIMEN-ACM' };

const makeGadget = (name: string, slot: number): Gadget =>
  new Gadget(
    { name, ...IDENTITY, product: 'Serial scanner' },
    [{ kind: 'acm', attributes: {} }],
    slot,
  );

function makeDriver(options: object) {
  const events = new EventLog<'codeScanner'>();
  const driver = serialCodeScannerFactory.create(
    serialCodeScannerOptionsSchema.parse(options),
    events.emit,
  );
  return { events, driver };
}

/** `spareSlot` is a socket for another scanner like it. */
export async function serialScanner(slot: number, spareSlot: number): Promise<void> {
  const gadget = makeGadget('acm', slot);
  const send = (bytes: Uint8Array): void => writeFileSync(FAR_END, bytes);
  await scannerCases({
    device: DEVICE,
    gadget,
    ...makeDriver({ path: PATH }),
    found: 'under the name that udev gives it',
    scan: (code) => send(encodeFrame(code)),
    scanHalf: () => send(encodeFrame('990101-ABCDEF').subarray(0, 6)),
    codes: { 'a framed code': '990101-ABCDEF' },
  });
  await scannerSuite(
    DEVICE,
    { switchable: false, framed: true },
    { gadget, make: () => makeDriver({ path: PATH }), scan: (code) => send(encodeFrame(code)) },
  );
  await knownByItsIds(gadget, makeGadget('acm-twin', spareSlot));
}

async function knownByItsIds(gadget: Gadget, twin: Gadget): Promise<void> {
  const device = 'CDC-ACM code scanner by its ids';
  const { driver, events } = makeDriver(IDENTITY);
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');
  const pathNow = async (): Promise<string> => {
    const [port, ...more] = await usbPorts();
    deepEqual(more, []);
    return port?.path ?? 'nowhere';
  };
  const reads = async (code: string): Promise<void> => {
    events.forget();
    writeFileSync(FAR_END, encodeFrame(code));
    await events.heard('codeRead', ({ payload }) => payload === code);
  };

  await lab(device, 'is found by vendor, product and serial number', async () => {
    gadget.plug();
    await driver.start();
    await online();
    await reads('990101-ABCDEF');
  });
  await lab(device, 'is found again under another path', async () => {
    const before = await pathNow();
    // Whoever holds the old terminal keeps its number from being given again.
    const held = openSync(before, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    events.forget();
    gadget.unplug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
    events.forget();
    gadget.plug();
    await online();
    notEqual(await pathNow(), before);
    await reads('990102-GHIJKL');
    closeSync(held);
  });
  await lab(device, 'is out of service while another like it is plugged in', async () => {
    gadget.unplug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
    events.forget();
    twin.plug();
    gadget.plug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('twoAlike'));
    deepEqual(events.named('codeRead'), []);
    events.forget();
    twin.unplug();
    await online();
    await reads('990103-MNOPQR');
  });
  await driver.stop();
  gadget.unplug();
}
