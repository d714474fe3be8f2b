import * as z from 'zod';
import { samOpenBodyOf, TEST_CONF_HEX, TEST_PCID_HEX } from '../ektp/test-scheme.ts';

const hexSchema = z.string().regex(/^([0-9A-Fa-f]{2})+$/, 'not hexadecimal');

/** Of the TEST SAM. A real SAM's values and how they open it come with the agency's agreement. */
export const testSamOptions = {
  testPcidHex: hexSchema.default(TEST_PCID_HEX),
  testConfHex: hexSchema.default(TEST_CONF_HEX),
};

/** The 32 bytes that open the TEST SAM of these values. */
export const testSamOpenBody = (testPcidHex: string, testConfHex: string): Uint8Array =>
  samOpenBodyOf(Buffer.from(testPcidHex, 'hex'), Buffer.from(testConfHex, 'hex'));
