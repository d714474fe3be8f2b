import assert from 'node:assert/strict';
import { pagePrinterStatusSchema } from '../../../drivers/contract/page-printer.ts';
import { statusOfPrinter } from '../../../drivers/ipp-page-printer/status.ts';
import { printerAttributesSchema } from '../../../drivers/ipp/printer-state.ts';
import { isRefusal, isSuccess, jobsIn } from '../../../drivers/ipp/protocol.ts';
import { parseResponse } from '../../../drivers/ipp/transport.ts';
import type { FuzzTarget } from '../target.ts';

/** A printer's answer over IPP, with all that is read out of it: a state of the class and jobs, or no IPP. */
export const target: FuzzTarget = {
  maxBytes: 1_500,
  packages: ['@sealsystems/ipp/lib/parser'],
  fuzz(bytes) {
    // As if it were the answer to whatever it says that it answers.
    const response = parseResponse(bytes, bytes.length < 8 ? 0 : bytes.readInt32BE(4));
    if (!response.ok) return;
    assert.ok(!(isSuccess(response.value) && isRefusal(response.value)));
    for (const { job } of jobsIn(response.value)) assert.ok(Number.isSafeInteger(job.jobId));
    const attributes = printerAttributesSchema.safeParse(response.value['printer-attributes-tag']);
    if (!attributes.success) return;
    const status = pagePrinterStatusSchema.safeParse(statusOfPrinter(attributes.data));
    assert.ok(status.success, status.error?.message);
  },
};
