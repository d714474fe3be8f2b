import type { EmitEvent } from '../../../drivers/contract/driver.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import {
  hidCodeScannerOptionsSchema,
  makeHidCodeScannerFactory,
} from '../../../drivers/hid-code-scanner/driver.ts';
import { reportsOf, SimulatedHidBus } from '../../../drivers/hid-code-scanner/simulator.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err } from '../../../src/base/result.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { codeScannerCases, type CodeScannerRig } from '../code-scanner-suite.ts';
import { driverWith, proveSuite, saying, type Mutant } from './proved.ts';

type Emit = EmitEvent<'codeScanner'>;
type Handlers = CommandHandlers<'codeScanner'>;

interface ScannerMutant extends Mutant {
  /** What becomes of an event on its way out. */
  readonly emitting?: (emit: Emit) => Emit;
  /** What becomes of a payload before the driver sees it. */
  readonly reading?: (payload: string) => string;
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
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

/** Says all but that it is in this state. */
const keepingSecret =
  (state: string) =>
  (emit: Emit): Emit =>
  (event, payload) => {
    if (!('state' in payload) || payload.state !== state) emit(event, payload);
  };

const mutants: readonly ScannerMutant[] = [
  {
    is: 'claims too much',
    noticedBy: ['claims the capabilities'],
    wrong: saying<'codeScanner'>()('getCapabilities', (told) => ({ ...told, switchable: true })),
  },
  {
    is: 'calls itself off when it was found',
    noticedBy: ['is online once it was found'],
    wrong: saying<'codeScanner'>()('getStatus', (told) => ({ ...told, state: 'powerOff' })),
  },
  {
    is: 'says each code twice',
    noticedBy: ['passes on a payload exactly'],
    emitting: passing((payload) => [payload, payload]),
  },
  {
    is: 'makes small letters of great ones',
    noticedBy: ['passes on a payload exactly'],
    reading: (payload) => payload.toLowerCase(),
  },
  {
    is: 'takes the second scan for more of the first',
    noticedBy: ['keeps two scans in a row apart'],
    emitting: (emit) => {
      let before = '';
      return passing((payload) => [(before += payload)])(emit);
    },
  },
  {
    is: 'cuts the longest',
    noticedBy: ['passes on the longest payload'],
    emitting: passing((payload) => [payload.slice(0, 511)]),
  },
  {
    is: 'cuts what is too long and passes it on',
    noticedBy: ['passes on the longest payload'],
    reading: (payload) => payload.slice(0, 512),
  },
  {
    is: 'makes what is not printable printable',
    noticedBy: ['never passes on what is not printable'],
    reading: (payload) => payload.replaceAll('\u001b', ' '),
  },
  {
    is: 'does not say that it is gone',
    noticedBy: ['says so when it is unplugged'],
    emitting: keepingSecret('powerOff'),
  },
  {
    is: 'does not say that it is back',
    noticedBy: ['says so when it is unplugged'],
    emitting: keepingSecret('online'),
  },
  { is: 'goes on when stopped', noticedBy: ['says nothing more once'], deafToStop: true },
];

const done = (act: () => void): Promise<void> => {
  act();
  return Promise.resolve();
};

async function onScanner(
  {
    emitting = (emit) => emit,
    reading = (payload) => payload,
    wrong = () => ({}),
    deafToStop,
  }: Partial<ScannerMutant>,
  prove: (rig: CodeScannerRig) => Promise<void>,
): Promise<void> {
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
  const right = factory.create(options, emitting(events.emit));
  const stop = deafToStop === true ? () => Promise.resolve() : undefined;
  await right.start();
  try {
    await prove({
      driver: driverWith(right, wrong(right.handlers), stop),
      events,
      scan: (payload) => done(() => bus.send(reportsOf(reading(payload)))),
      unplug: () => done(() => bus.unplug()),
      plug: () =>
        done(() => {
          bus.plug();
          clock.advance(10_000);
        }),
      lineEnded: () => Promise.resolve(),
      stop: () => right.stop(),
    });
  } finally {
    await right.stop();
  }
}

proveSuite('code scanners', [
  { cases: codeScannerCases({ switchable: false, framed: false }), mutants, on: onScanner },
]);
