import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  makeSimulatedBiometricFactory,
  simulatedBiometricFactory,
  simulatedBiometricOptionsSchema,
} from '../../../drivers/biometric/simulated-biometric.ts';
import { fromEngineSchema, toEngineSchema } from '../../../drivers/biometric/protocol.ts';
import { simulatedReference } from '../../../drivers/biometric/simulated-template.ts';
import {
  SimulatedEngine,
  type EngineFault,
  type SimulatedEngineParts,
  type SimulatedFinger,
} from '../../../drivers/biometric/simulator.ts';
import type { EngineEnd, StartEngine } from '../../../drivers/biometric/transport.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import type { BiometricRig, FingerOnSensor } from '../../conformance/biometric-suite.ts';
import { EventLog } from '../cabinet/event-log.ts';
import { byHand } from './by-hand.ts';

const reference: BiometricRig['reference'] = (person, finger, format) =>
  simulatedReference(person, finger, format).toString('base64');

const simulated = ({ person, finger, isPoor, isArtefact }: FingerOnSensor): SimulatedFinger => ({
  person,
  finger,
  quality: isPoor === true ? 20 : 80,
  isArtefact: isArtefact === true,
});

/** The driver with the simulated engine as the child process that it is. */
export async function engineProcessRig(
  presentationAttackDetection: boolean,
): Promise<BiometricRig> {
  const dir = mkdtempSync(join(tmpdir(), 'anjungan-fingers-'));
  const controlSocketPath = join(dir, 'control');
  const events = new EventLog<'biometric'>();
  const options = { controlSocketPath, presentationAttackDetection };
  const driver = simulatedBiometricFactory.create(
    simulatedBiometricOptionsSchema.parse(options),
    events.emit,
  );
  await driver.start();
  const hand = (act: object): Promise<void> => byHand(controlSocketPath, act);
  return {
    driver,
    events,
    reference,
    put: (finger) => hand({ type: 'put', ...simulated(finger) }),
    lift: () => hand({ type: 'lift' }),
    sensor: (sensor) => hand({ type: 'sensor', sensor }),
    dieInCapture: async () => {
      await hand({ type: 'fault', fault: 'crash' });
      await hand({ type: 'put', ...simulated({ person: 'holder', finger: 'rightIndex' }) });
    },
    // The engine's clock is the wall's.
    pass: (ms) => delay(ms),
    stop: async () => {
      await driver.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

export interface EngineInMemoryRig extends BiometricRig {
  readonly clock: FakeClock;
  /** How often an engine was started. */
  readonly starts: () => number;
  /** The engine that runs, with its line to the driver. */
  readonly engine: () => SimulatedEngine;
  arm(fault: EngineFault): void;
  /** Has the engine say this line, whatever it is. */
  write(line: string): void;
}

export type MakeEngine = (
  parts: SimulatedEngineParts & { readonly clock: FakeClock },
) => SimulatedEngine;

/** The driver with a simulated engine in this process, on a clock that moves when told to. */
export async function engineInMemoryRig(
  makeEngine: MakeEngine = (parts) => new SimulatedEngine(parts),
  presentationAttackDetection = true,
): Promise<EngineInMemoryRig> {
  const clock = new FakeClock();
  const events = new EventLog<'biometric'>();
  let engine: SimulatedEngine | null = null;
  let write: (line: string) => void = () => undefined;
  let starts = 0;
  const startEngine: StartEngine = (_command, { onFrame, onGone }) => {
    starts += 1;
    let alive = true;
    const end = (how: EngineEnd): void => {
      if (!alive) return;
      alive = false;
      onGone(how);
    };
    const say = (line: string): void => {
      if (!alive) return;
      const frame = fromEngineSchema.safeParse(jsonOf(line));
      if (frame.success) onFrame(frame.data);
      else end('protocolBroken');
    };
    write = say;
    const started = makeEngine({
      clock,
      presentationAttackDetection,
      // As over a pipe: never before the driver has gone on.
      write: (line) => queueMicrotask(() => say(line)),
      die: () => end('engineEnded'),
    });
    engine = started;
    started.start();
    return {
      send: (frame) => started.receive(JSON.stringify(toEngineSchema.parse(frame))),
      kill: () => Promise.resolve().then(() => end('engineEnded')),
    };
  };
  const driver = makeSimulatedBiometricFactory({ clock, startEngine }).create(
    { controlSocketPath: '/nowhere', presentationAttackDetection },
    events.emit,
  );
  await driver.start();
  const running = (): SimulatedEngine => {
    if (engine === null) throw new Error('no engine was started');
    return engine;
  };
  const arm = (fault: EngineFault): void => running().arm(fault);
  return {
    driver,
    events,
    clock,
    reference,
    engine: running,
    starts: () => starts,
    arm,
    write: (line) => write(line),
    put: (finger) => done(() => running().put(simulated(finger))),
    lift: () => done(() => running().lift()),
    sensor: (sensor) => done(() => running().setSensor(sensor)),
    dieInCapture: () =>
      done(() => {
        arm('crash');
        running().put(simulated({ person: 'holder', finger: 'rightIndex' }));
      }),
    pass: (ms) => done(() => clock.advance(ms)),
    stop: () => driver.stop(),
  };
}

function done(act: () => void): Promise<void> {
  act();
  return Promise.resolve();
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
