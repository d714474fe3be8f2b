import { makeCabinetIoFactory } from '../../../drivers/cabinet-io/driver.ts';
import { cabinetIoOptionsSchema } from '../../../drivers/cabinet-io/options.ts';
import {
  SimulatedCabinetController,
  type SimulatedControllerOptions,
} from '../../../drivers/cabinet-io/simulator.ts';
import { cabinetSensorSchema, lightSchema } from '../../../drivers/contract/cabinet-io.ts';
import type { LineHandlers, OpenLine } from '../../../drivers/serial-line/serial-line.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok } from '../../../src/base/result.ts';
import { EventLog } from '../cabinet/event-log.ts';

export const EVERYTHING = {
  sensors: [...cabinetSensorSchema.options],
  lights: [...lightSchema.options],
};

type MakeController = (
  clock: Clock,
  send: (bytes: Uint8Array) => void,
) => SimulatedCabinetController;

/** A driver and a simulated controller with a wire between them that takes no time, on a clock of their own. */
export function wireRig(
  options: object = {},
  controllerOptions: SimulatedControllerOptions = {},
  make: MakeController = (clock, send) =>
    new SimulatedCabinetController(clock, send, controllerOptions),
) {
  const clock = new FakeClock();
  const sent: string[] = [];
  let plugged = true;
  let host: LineHandlers | null = null;
  const controller = make(clock, (bytes) => queueMicrotask(() => host?.onBytes(bytes)));
  const openLine: OpenLine = (_path, _baudRate, handlers) => {
    if (!plugged) return Promise.resolve(err({ kind: 'absent' as const }));
    host = handlers;
    return Promise.resolve(
      ok({
        write: (bytes) => {
          sent.push(Buffer.from(bytes).toString('latin1').slice(1, -6));
          queueMicrotask(() => {
            if (plugged) controller.receive(bytes);
          });
          return Promise.resolve(ok(undefined));
        },
        close: () => {
          host = null;
          return Promise.resolve();
        },
      }),
    );
  };
  const events = new EventLog<'cabinetIo'>();
  const driver = makeCabinetIoFactory({
    clock,
    openLine,
    listPorts: () => Promise.resolve([]),
  }).create(
    cabinetIoOptionsSchema.parse({ path: '/dev/nothing', ...EVERYTHING, ...options }),
    events.emit,
  );
  return {
    clock,
    controller,
    driver,
    events,
    /** The bodies that the driver sent. */
    sent,
    unplug: () => {
      plugged = false;
      const gone = host;
      host = null;
      gone?.onGone();
    },
    plug: () => {
      plugged = true;
    },
  };
}

/** Lets time pass while `work` is under way, ten milliseconds a turn; throws when a minute was not enough. */
export async function inQuickTime<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  const under = { way: true };
  const done = work.finally(() => {
    under.way = false;
  });
  const ends = clock.monotonicMs() + 60_000;
  while (under.way && clock.monotonicMs() < ends) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    clock.advance(10);
  }
  if (under.way) throw new Error('came to no end in a minute');
  return done;
}
