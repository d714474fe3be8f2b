import type { Result } from '../../src/base/result.ts';
import { startCabinet, startMotorReaderDriver } from '../drivers/cabinet/cabinet-rig.ts';
import { motorCardReaderConformance } from './motor-card-reader-suite.ts';

const done = (result: Result<unknown, { reason: string }>): Promise<void> =>
  result.ok ? Promise.resolve() : Promise.reject(new Error(result.error.reason));

motorCardReaderConformance(
  'the simulated slot with a capture bin',
  { motorised: true, captureBin: true, sam: false },
  async () => {
    const rig = await startCabinet();
    const { driver, events } = await startMotorReaderDriver(rig.cabinet.socketPath);
    return {
      driver,
      events,
      insert: (uidHex) => done(rig.cabinet.motorReader.insert({ uidHex })),
      take: () => done(rig.cabinet.motorReader.take()),
      stop: async () => {
        await driver.stop();
        await rig.stop();
      },
    };
  },
);
