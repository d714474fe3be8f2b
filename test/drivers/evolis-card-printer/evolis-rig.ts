import { makeEvolisCardPrinterFactory } from '../../../drivers/evolis-card-printer/driver.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { SimulatedUsbBus } from '../../../drivers/evolis-card-printer/simulator-bus.ts';
import {
  SimulatedEvolisPrinter,
  type SimulatedBlank,
  type SimulatedPrinterOptions,
} from '../../../drivers/evolis-card-printer/simulator.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { ok } from '../../../src/base/result.ts';
import { EventLog } from '../cabinet/event-log.ts';

export const feeders = [
  { name: 'ktp', blankKind: 'ktpEl', input: 1 },
  { name: 'kia', blankKind: 'kia', input: 2 },
] as const;

export const blanks = (blankKind: string, count: number, from = 1): SimulatedBlank[] =>
  Array.from({ length: count }, (_, index) => ({ serial: `SP${from + index}`, blankKind }));

/** PC/SC part 3 §3.2.2.1.3: the reader's own command for the UID; a chip that knows nothing else. */
const chipAnswer = (apdu: Uint8Array): Uint8Array =>
  Buffer.from(apdu[0] === 0xff && apdu[1] === 0xca ? '047163a29000' : '6d00', 'hex');

/** A driver on a simulated bus with one simulated printer, three blanks in each feeder. */
export function evolisRig({
  options = {},
  printer: made = {},
  station = false,
}: {
  readonly options?: object;
  readonly printer?: SimulatedPrinterOptions;
  readonly station?: boolean;
} = {}) {
  const clock = new FakeClock();
  const bus = new SimulatedUsbBus();
  const printer = new SimulatedEvolisPrinter(made);
  printer.load(1, blanks('ktpEl', 3));
  printer.load(2, blanks('kia', 3, 101));
  bus.plug({ printer });
  const atStation = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    transmit: (apdu: Uint8Array) => Promise.resolve(ok(chipAnswer(apdu))),
  };
  const events = new EventLog<'cardPrinter'>();
  const driver = makeEvolisCardPrinterFactory(() => ({
    clock,
    bus,
    station: station ? atStation : null,
  })).create(
    evolisOptionsSchema.parse({ feeders, ribbon: 'ymckok', feederSensors: true, ...options }),
    events.emit,
  );
  return { clock, bus, printer, driver, events };
}
