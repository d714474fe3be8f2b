import type { EmitEvent } from '../../drivers/contract/driver.ts';
import { makeSimulatedMotorCardReaderFactory } from '../../drivers/simulated-motor-card-reader/driver.ts';
import type { MotorReaderParts } from '../../drivers/simulated-motor-card-reader/parts.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Result } from '../../src/base/result.ts';
import { startCabinet } from '../drivers/cabinet/cabinet-rig.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import type { MotorCardReaderRig } from './motor-card-reader-suite.ts';

type Emit = EmitEvent<'cardReader'>;

export const MOTOR_CAPABILITIES = { motorised: true, captureBin: true, sam: false } as const;

const done = (result: Result<unknown, { reason: string }>): Promise<void> =>
  result.ok ? Promise.resolve() : Promise.reject(new Error(result.error.reason));

/** The slot of a simulated cabinet in this process. */
export async function openMotorReader(
  /** What becomes of an event on its way out. */
  emitting = (emit: Emit): Emit => emit,
): Promise<MotorCardReaderRig & { readonly parts: MotorReaderParts }> {
  const rig = await startCabinet();
  const events = new EventLog<'cardReader'>();
  const factory = makeSimulatedMotorCardReaderFactory(systemClock);
  const options = factory.options.parse({ socketPath: rig.cabinet.socketPath });
  const driver = factory.create(options, emitting(events.emit));
  await driver.start();
  return {
    driver,
    events,
    parts: rig.cabinet.world.motorReader,
    insert: (uidHex) => done(rig.cabinet.motorReader.insert({ uidHex })),
    take: () => done(rig.cabinet.motorReader.take()),
    stop: async () => {
      await driver.stop();
      await rig.stop();
    },
  };
}
