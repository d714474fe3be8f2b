import { systemClock, type Clock } from '../../src/base/clock.ts';
import { lineDriverFactory, type LineDriverOptions } from '../contract/line-driver.ts';
import type { DriverFactory } from '../contract/driver.ts';
import { MOTOR_READER_DEVICE } from './protocol.ts';

export const makeSimulatedMotorCardReaderFactory = (
  clock: Clock,
): DriverFactory<'cardReader', LineDriverOptions> =>
  lineDriverFactory(
    {
      deviceClass: 'cardReader',
      name: MOTOR_READER_DEVICE,
      unseen: { card: 'unknown', captureBin: 'unknown', capturedCount: null },
    },
    clock,
  );

export const simulatedMotorCardReaderFactory = makeSimulatedMotorCardReaderFactory(systemClock);
