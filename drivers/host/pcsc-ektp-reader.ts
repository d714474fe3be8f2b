import * as z from 'zod';
import type { DriverFactory } from '../contract/driver.ts';
import { createEKtpReader } from '../ektp/driver.ts';
import { samOpenBodyOf, TEST_CONF_HEX, TEST_PCID_HEX } from '../ektp/test-scheme.ts';
import { PcscReaderPair, pcscReaderPairOptionsSchema } from '../pcsc-card-reader/reader-pair.ts';

const hexSchema = z.string().regex(/^([0-9A-Fa-f]{2})+$/, 'not hexadecimal');

const optionsSchema = z.strictObject({
  ...pcscReaderPairOptionsSchema.shape,
  /** Of the TEST SAM. A real SAM's values and how they open it come with the agency's agreement. */
  testPcidHex: hexSchema.default(TEST_PCID_HEX),
  testConfHex: hexSchema.default(TEST_CONF_HEX),
});
export type PcscEKtpReaderOptions = z.infer<typeof optionsSchema>;

/** An e-KTP reader with a SAM slot over PC/SC. Without `samPattern` it reads cards as `present` only. */
export const pcscEKtpReaderFactory: DriverFactory<'cardReader', PcscEKtpReaderOptions> = {
  deviceClass: 'cardReader',
  options: optionsSchema,
  real: true,
  create({ testPcidHex, testConfHex, ...readers }, emit) {
    const samOpenBody =
      readers.samPattern === null
        ? null
        : samOpenBodyOf(Buffer.from(testPcidHex, 'hex'), Buffer.from(testConfHex, 'hex'));
    return createEKtpReader(new PcscReaderPair(readers), { samOpenBody }, emit);
  },
};
