import * as z from 'zod';
import type { DriverFactory } from '../contract/driver.ts';
import { createEKtpReader } from '../ektp/driver.ts';
import { PcscReaderPair, pcscReaderPairOptionsSchema } from '../pcsc-card-reader/reader-pair.ts';
import { testSamOpenBody, testSamOptions } from './test-sam.ts';

const optionsSchema = z.strictObject({ ...pcscReaderPairOptionsSchema.shape, ...testSamOptions });
export type PcscEKtpReaderOptions = z.infer<typeof optionsSchema>;

/** An e-KTP reader with a SAM slot over PC/SC. Without `samPattern` it reads cards as `present` only. */
export const pcscEKtpReaderFactory: DriverFactory<'cardReader', PcscEKtpReaderOptions> = {
  deviceClass: 'cardReader',
  options: optionsSchema,
  real: true,
  create({ testPcidHex, testConfHex, ...readers }, emit) {
    const samOpenBody =
      readers.samPattern === null ? null : testSamOpenBody(testPcidHex, testConfHex);
    return createEKtpReader(new PcscReaderPair(readers), { samOpenBody }, emit);
  },
};
