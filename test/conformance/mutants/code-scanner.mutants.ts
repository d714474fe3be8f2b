import { describe } from '@jest/globals';
import type { EmitEvent } from '../../../drivers/contract/driver.ts';
import {
  hidCodeScannerOptionsSchema,
  makeHidCodeScannerFactory,
} from '../../../drivers/hid-code-scanner/driver.ts';
import { reportsOf, SimulatedHidBus } from '../../../drivers/hid-code-scanner/simulator.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err } from '../../../src/base/result.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { codeScannerConformance } from '../code-scanner-suite.ts';
import { titleOf, type Mutant } from './mutant.ts';

type Emit = EmitEvent<'codeScanner'>;

interface ScannerMutant extends Mutant {
  /** What becomes of an event on its way out. */
  readonly emitting?: (emit: Emit) => Emit;
  /** What becomes of a payload before the driver sees it. */
  readonly reading?: (payload: string) => string;
  readonly switchable?: true;
  readonly deafToStop?: true;
}

/** Changes the payloads that come out, and nothing else. */
const passing =
  (change: (payload: string) => readonly string[]) =>
  (emit: Emit): Emit =>
  (event, payload) => {
    if (!('payload' in payload)) emit(event, payload);
    else for (const text of change(payload.payload)) emit('codeRead', { payload: text });
  };

const mutants: readonly ScannerMutant[] = [
  { name: 'as it is', noticedBy: null },
  { name: 'claims too much', noticedBy: 'claims the capabilities', switchable: true },
  {
    name: 'cuts the longest',
    noticedBy: 'passes on the longest payload',
    emitting: passing((payload) => [payload.slice(0, 511)]),
  },
  {
    name: 'says each code twice',
    noticedBy: 'passes on a payload exactly',
    emitting: passing((payload) => [payload, payload]),
  },
  {
    name: 'takes the second scan for more of the first',
    noticedBy: 'keeps two scans in a row apart',
    emitting: (emit) => {
      let before = '';
      return passing((payload) => [(before += payload)])(emit);
    },
  },
  {
    name: 'makes what is not printable printable',
    noticedBy: 'never passes on what is not printable',
    reading: (payload) => payload.replaceAll('\u001b', ' '),
  },
  {
    name: 'does not say that it is gone',
    noticedBy: 'says so when it is unplugged',
    emitting: (emit) => (event, payload) => {
      if (!('state' in payload) || payload.state !== 'powerOff') emit(event, payload);
    },
  },
  { name: 'goes on when stopped', noticedBy: 'says nothing more once', deafToStop: true },
];

for (const mutant of mutants) {
  const { emitting = (emit: Emit) => emit, reading = (payload: string) => payload } = mutant;
  describe(titleOf(mutant), () => {
    codeScannerConformance('it', { switchable: false, framed: false }, async () => {
      const clock = new FakeClock();
      const bus = new SimulatedHidBus();
      bus.plug();
      const events = new EventLog<'codeScanner'>();
      const factory = makeHidCodeScannerFactory({
        clock,
        bus,
        keyboards: { grab: () => Promise.resolve(err({ kind: 'absent' })) },
      });
      const options = hidCodeScannerOptionsSchema.parse({});
      const real = factory.create(options, emitting(events.emit));
      const capabilities = { switchable: true, framed: false };
      const driver = {
        ...real,
        stop: () => (mutant.deafToStop === true ? Promise.resolve() : real.stop()),
        handlers:
          mutant.switchable === true
            ? {
                ...real.handlers,
                getCapabilities: () => Promise.resolve({ ok: true as const, value: capabilities }),
              }
            : real.handlers,
      };
      await real.start();
      return {
        driver,
        events,
        scan: (payload) => {
          bus.send(reportsOf(reading(payload)));
          return Promise.resolve();
        },
        unplug: () => {
          bus.unplug();
          return Promise.resolve();
        },
        plug: () => {
          bus.plug();
          clock.advance(10_000);
          return Promise.resolve();
        },
        lineEnded: () => Promise.resolve(),
        stop: () => real.stop(),
      };
    });
  });
}
