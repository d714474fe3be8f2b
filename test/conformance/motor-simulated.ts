import type { Result } from '../../src/base/result.ts';
import { startCabinet, startMotorReaderDriver } from '../drivers/cabinet/cabinet-rig.ts';
import type { MotorReaderParts } from '../../drivers/simulated-motor-card-reader/parts.ts';
import type { MotorCardReaderRig } from './motor-card-reader-suite.ts';

export const MOTOR_CAPABILITIES = { motorised: true, captureBin: true, sam: false } as const;

const done = (result: Result<unknown, { reason: string }>): Promise<void> =>
  result.ok ? Promise.resolve() : Promise.reject(new Error(result.error.reason));

/** The slot of a simulated cabinet in this process. */
export async function openMotorReader(): Promise<
  MotorCardReaderRig & { readonly parts: MotorReaderParts }
> {
  const rig = await startCabinet();
  const { driver, events } = await startMotorReaderDriver(rig.cabinet.socketPath);
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
