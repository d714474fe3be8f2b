import { makeEvolisCardPrinterFactory } from '../../../drivers/evolis-card-printer/driver.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { SimulatedUsbBus } from '../../../drivers/evolis-card-printer/simulator-bus.ts';
import {
  SimulatedEvolisPrinter,
  type SimulatedBlank,
  type SimulatedPrinterOptions,
} from '../../../drivers/evolis-card-printer/simulator.ts';
import { err, ok } from '../../../src/base/result.ts';
import { EventLog } from '../cabinet/event-log.ts';
import { FlowingClock } from '../flowing-clock.ts';

export const feeders = [
  { name: 'ktp', blankKind: 'ktpEl', input: 1 },
  { name: 'kia', blankKind: 'kia', input: 2 },
] as const;

/** The options of a driver for the simulated printer. */
export const OPTIONS = {
  model: 'SPESIMEN simulator',
  feeders,
  ribbon: 'ymckok',
  feederSensors: true,
} as const;

export const blanks = (blankKind: string, count: number, from = 1): SimulatedBlank[] =>
  Array.from({ length: count }, (_, index) => ({ serial: `SP${from + index}`, blankKind }));

/** PC/SC part 3 §3.2.2.1.3: the reader's own command for the UID; a chip that knows nothing else. */
const chipAnswer = (apdu: Uint8Array): Uint8Array =>
  Buffer.from(apdu[0] === 0xff && apdu[1] === 0xca ? '047163a29000' : '6d00', 'hex');

function loadedPrinter(made: SimulatedPrinterOptions): SimulatedEvolisPrinter {
  const printer = new SimulatedEvolisPrinter(made);
  printer.load(1, blanks('ktpEl', 3));
  printer.load(2, blanks('kia', 3, 101));
  return printer;
}

/** A driver on a simulated bus with one simulated printer, three blanks in each feeder of one that is new. */
export function evolisRig({
  options = {},
  printer: made = {},
  station = false,
}: {
  readonly options?: object;
  readonly printer?: SimulatedPrinterOptions | SimulatedEvolisPrinter;
  readonly station?: boolean;
} = {}) {
  const clock = new FlowingClock();
  const bus = new SimulatedUsbBus(clock);
  const printer = made instanceof SimulatedEvolisPrinter ? made : loadedPrinter(made);
  bus.plug({ printer });
  const atStation = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    // Its antenna reaches no further than the station.
    transmit: (apdu: Uint8Array) =>
      Promise.resolve(
        printer.atStation === null ? err({ kind: 'cardSilent' as const }) : ok(chipAnswer(apdu)),
      ),
  };
  const events = new EventLog<'cardPrinter'>();
  const driver = makeEvolisCardPrinterFactory(() => ({
    clock,
    bus,
    station: station ? atStation : null,
  })).create(evolisOptionsSchema.parse({ ...OPTIONS, ...options }), events.emit);
  return { clock, bus, printer, driver, events };
}

export async function started(...args: Parameters<typeof evolisRig>) {
  const rig = evolisRig(...args);
  await rig.driver.start();
  return rig;
}

export const WHITE = Buffer.alloc(1012 * 638 * 3, 255);
export const side = (name: 'front' | 'back', rgb: Uint8Array = WHITE) => ({
  side: name,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgbBase64: Buffer.from(rgb).toString('base64'),
});
export const ktp = { feeder: 'ktp', blankKind: 'ktpEl' };
export const refused = (errorCode: string) => ({
  ok: false,
  error: { kind: 'commandError', errorCode },
});
export const notReady = (reason: string) => ({ ok: false, error: { kind: 'notReady', reason } });
