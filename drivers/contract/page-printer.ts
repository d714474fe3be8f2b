import * as z from 'zod';
import { command } from './command.ts';
import { commonStatusSchema, supplyLevelSchema } from './words.ts';

/** RFC 8011 §5.3.7 job states. */
export const jobStateSchema = z.enum([
  'pending',
  'pending-held',
  'processing',
  'processing-stopped',
  'canceled',
  'aborted',
  'completed',
]);
export type JobState = z.infer<typeof jobStateSchema>;

export const pagePrinterCapabilitiesSchema = z.strictObject({
  /** `deviceReported` where the printer itself answers IPP; a spooler's word is `hostAccepted`. */
  completedMeans: z.enum(['deviceReported', 'hostAccepted']),
  /** Counts impressions of a job. */
  impressionCount: z.boolean(),
});
export type PagePrinterCapabilities = z.infer<typeof pagePrinterCapabilitiesSchema>;

export const pagePrinterStatusSchema = z.strictObject({
  ...commonStatusSchema.shape,
  trays: z.array(z.strictObject({ name: z.string(), level: supplyLevelSchema })),
  toner: supplyLevelSchema,
});
export type PagePrinterStatus = z.infer<typeof pagePrinterStatusSchema>;

const job = z.strictObject({
  jobId: z.number().int(),
  state: jobStateSchema,
  /** IPP job-state-reasons, with the suffix left off. */
  reasons: z.array(z.string()),
  /** null where the printer does not count. */
  impressionsCompleted: z.number().int().nullable(),
});
export type PageJob = z.infer<typeof job>;

/**
 * `rejected`: the printer refused the job before it took a byte of the document; no sheet moved.
 * `aborted` and `canceled` end states say nothing about sheets that are already out: see the count.
 */
export const pagePrinterCommands = {
  getStatus: command({
    effect: 'none',
    params: z.strictObject({}),
    result: pagePrinterStatusSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  getCapabilities: command({
    effect: 'none',
    params: z.strictObject({}),
    result: pagePrinterCapabilitiesSchema,
    errorCodes: [],
    timeoutMs: 5_000,
  }),
  /** Completes when the job has reached an end state, or with `noAnswer` when the time ran out. */
  printPdf: command({
    effect: 'movesMedia',
    params: z.strictObject({
      pdfBase64: z.base64(),
      /** Never a name or number of a person: the attempt id. */
      jobName: z.string().max(64),
      pages: z.number().int().positive(),
    }),
    result: job,
    errorCodes: ['rejected'],
    timeoutMs: 300_000,
  }),
  /** Finds the last job of that name, to learn after a restart what became of it. */
  findJob: command({
    effect: 'none',
    params: z.strictObject({ jobName: z.string().max(64) }),
    result: job.nullable(),
    errorCodes: [],
    timeoutMs: 10_000,
  }),
  cancelJob: command({
    effect: 'none',
    params: z.strictObject({ jobId: z.number().int() }),
    result: job,
    errorCodes: ['notPossible'],
    timeoutMs: 10_000,
  }),
} as const;

export const pagePrinterEvents = {
  /** Progress of the job at hand, whenever the printer says something new. */
  jobProgressed: job,
} as const;
