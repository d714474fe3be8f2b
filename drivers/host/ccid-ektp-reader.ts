import * as z from 'zod';
import { systemClock } from '../../src/base/clock.ts';
import { ccidReaderPairOptionsSchema } from '../ccid-card-reader/options.ts';
import { CcidReaderPair } from '../ccid-card-reader/reader-pair.ts';
import type { CcidSurroundings } from '../ccid-card-reader/reader.ts';
import { systemCcidBus } from '../ccid-card-reader/usb-bus.ts';
import { usbPlace } from '../contract/device-place.ts';
import type { DriverFactory } from '../contract/driver.ts';
import { createEKtpReader } from '../ektp/driver.ts';
import { testSamOpenBody, testSamOptions } from './test-sam.ts';

const optionsSchema = z.strictObject({ ...ccidReaderPairOptionsSchema.shape, ...testSamOptions });
export type CcidEKtpReaderOptions = z.infer<typeof optionsSchema>;

/** An e-KTP reader with a SAM slot over raw CCID. Without `sam` it reads cards as `present` only. */
export const makeCcidEKtpReaderFactory = (
  surroundings: CcidSurroundings,
): DriverFactory<'cardReader', CcidEKtpReaderOptions> => ({
  deviceClass: 'cardReader',
  options: optionsSchema,
  real: true,
  places: ({ reader, sam }) =>
    [reader, sam?.reader ?? null].flatMap((one) => (one === null ? [] : [usbPlace(one)])),
  create({ testPcidHex, testConfHex, ...readers }, emit) {
    const samOpenBody = readers.sam === null ? null : testSamOpenBody(testPcidHex, testConfHex);
    return createEKtpReader(new CcidReaderPair(readers, surroundings), { samOpenBody }, emit);
  },
});

export const ccidEKtpReaderFactory = makeCcidEKtpReaderFactory({
  clock: systemClock,
  bus: systemCcidBus,
});
