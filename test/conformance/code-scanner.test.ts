import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { ScannerLine } from '../../drivers/cabinet/scanner-line.ts';
import { MAX_KEY_GAP_MS } from '../../drivers/hid-code-scanner/code-reader.ts';
import {
  hidCodeScannerOptionsSchema,
  makeHidCodeScannerFactory,
} from '../../drivers/hid-code-scanner/driver.ts';
import {
  keystrokes,
  SimulatedUsbKeyboards,
} from '../../drivers/hid-code-scanner/keyboard-simulator.ts';
import { reportsOf, SimulatedHidBus } from '../../drivers/hid-code-scanner/simulator.ts';
import {
  makeSerialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../drivers/serial-code-scanner/driver.ts';
import { ETX, STX } from '../../drivers/serial-code-scanner/protocol.ts';
import { openSerialLine } from '../../drivers/serial-line/serial-line.ts';
import { usbPorts } from '../../drivers/serial-line/usb-ports.ts';
import { crc16 } from '../../drivers/serial-line/crc16.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import { codeScannerConformance, type CodeScannerRig } from './code-scanner-suite.ts';
import { LineEnd } from './line-end.ts';

const KEYBOARD = { vendorId: 0x05e0, productId: 0x1200 };

/** Made here byte by byte, so that the encoder is not tested by itself. */
function frame(payload: string): Buffer {
  const body = Buffer.from(`${payload}${String.fromCharCode(ETX)}`, 'latin1');
  const check = crc16(body).toString(16).toUpperCase().padStart(4, '0');
  return Buffer.concat([Buffer.of(STX), body, Buffer.from(check)]);
}

async function onPtyPair(
  framing: 'stxEtx' | 'crTerminated',
  encode: (payload: string) => Buffer,
): Promise<CodeScannerRig> {
  const dir = mkdtempSync(join(tmpdir(), 'anjungan-scanner-'));
  const line = new ScannerLine(join(dir, 'tty'), join(dir, 'wire'));
  await line.plug();
  const events = new EventLog<'codeScanner'>();
  const options = serialCodeScannerOptionsSchema.parse({ path: line.ttyPath, framing });
  const lineEnd = new LineEnd();
  const driver = makeSerialCodeScannerFactory({
    clock: systemClock,
    listPorts: usbPorts,
    openLine: (path, baudRate, handlers) =>
      lineEnd.watch(handlers, (watched) => openSerialLine(path, baudRate, watched)),
  }).create(options, events.emit);
  await driver.start();
  return {
    driver,
    events,
    scan: (payload) => line.raw(encode(payload)),
    unplug: () => line.unplug(),
    plug: () => line.plug(),
    lineEnded: () => lineEnd.ended,
    stop: async () => {
      await driver.stop();
      await line.unplug();
      rmSync(dir, { recursive: true });
    },
  };
}

codeScannerConformance(
  'the serial scanner on a pseudo-terminal, framed,',
  { switchable: false, framed: true },
  () => onPtyPair('stxEtx', frame),
);

codeScannerConformance(
  'the serial scanner on a pseudo-terminal, CR-terminated,',
  { switchable: false, framed: false },
  () => onPtyPair('crTerminated', (payload) => Buffer.from(`${payload}\r\n`, 'latin1')),
);

codeScannerConformance(
  'the HID POS scanner on a simulated bus',
  { switchable: false, framed: false },
  async () => {
    const clock = new FakeClock();
    const bus = new SimulatedHidBus();
    bus.plug();
    const events = new EventLog<'codeScanner'>();
    const options = hidCodeScannerOptionsSchema.parse({});
    const driver = makeHidCodeScannerFactory({
      clock,
      bus,
      keyboards: new SimulatedUsbKeyboards(KEYBOARD),
    }).create(options, events.emit);
    await driver.start();
    return {
      driver,
      events,
      scan: (payload) => {
        bus.send(reportsOf(payload));
        return Promise.resolve();
      },
      unplug: () => {
        bus.unplug();
        return Promise.resolve();
      },
      lineEnded: () => Promise.resolve(),
      plug: () => {
        bus.plug();
        clock.advance(10_000);
        return Promise.resolve();
      },
      stop: () => driver.stop(),
    };
  },
);

codeScannerConformance(
  'the HID scanner that types, grabbed, on a simulated bus',
  { switchable: false, framed: false },
  async () => {
    const clock = new FakeClock();
    const keyboards = new SimulatedUsbKeyboards(KEYBOARD);
    keyboards.plug();
    const events = new EventLog<'codeScanner'>();
    const driver = makeHidCodeScannerFactory({
      clock,
      bus: new SimulatedHidBus(),
      keyboards,
    }).create(hidCodeScannerOptionsSchema.parse({ ...KEYBOARD, grabKeyboard: true }), events.emit);
    await driver.start();
    return {
      driver,
      events,
      scan: (payload) => {
        // Nobody scans in the moment that the scanner is taken.
        clock.advance(MAX_KEY_GAP_MS + 1);
        keyboards.send(keystrokes(`${payload}\n`));
        return Promise.resolve();
      },
      unplug: () => {
        keyboards.unplug();
        return Promise.resolve();
      },
      lineEnded: () => Promise.resolve(),
      plug: () => {
        keyboards.plug();
        clock.advance(10_000);
        return Promise.resolve();
      },
      stop: () => driver.stop(),
    };
  },
);
