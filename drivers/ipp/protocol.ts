import * as z from 'zod';
import { jobStateSchema, type JobState, type PageJob } from '../contract/page-printer.ts';
import type { MediaSize } from './media-size.ts';
import {
  keywordsSchema,
  textSchema,
  withoutSuffix,
  type PrinterAttributes,
} from './printer-state.ts';
import type { IppRequest, IppResponse } from './transport.ts';

const REQUESTING_USER = 'anjungan';

/** RFC 8011 §5.4, PWG 5100.13 and 5100.14; markers and the last three are CUPS's own, and no printer has the last. */
const PRINTER_ATTRIBUTES = [
  'printer-state',
  'printer-state-reasons',
  'printer-is-accepting-jobs',
  'printer-input-tray',
  'printer-supply',
  'marker-levels',
  'marker-low-levels',
  'marker-types',
  'printer-make-and-model',
  'printer-uuid',
  'document-format-supported',
  'media-size-supported',
  'media-source-supported',
  'ipp-features-supported',
  'print-scaling-supported',
  'cups-version',
  'printer-type',
  'device-uri',
  'printer-error-policy',
];
const JOB_ATTRIBUTES = [
  'job-id',
  'job-name',
  'job-state',
  'job-state-reasons',
  'job-impressions-completed',
];

const jobAttributesSchema = z.object({
  'job-id': z.number().int(),
  'job-name': textSchema.optional(),
  'job-state': jobStateSchema,
  'job-state-reasons': keywordsSchema,
  // A printer that has not counted yet says so with an out-of-band value, which is no number. The job is real.
  'job-impressions-completed': z.number().int().nonnegative().optional().catch(undefined),
});

export interface NamedJob {
  readonly name: string | null;
  readonly job: PageJob;
}

export interface PrintTicket {
  readonly jobName: string;
  readonly pages: number;
  readonly mediaSize: MediaSize;
  /** Keyword of the tray; null leaves the choice to the printer. */
  readonly mediaSource: string | null;
}

const END_STATES: readonly JobState[] = ['canceled', 'aborted', 'completed'];

export const hasEnded = (job: PageJob): boolean => END_STATES.includes(job.state);

export const isSuccess = (response: IppResponse): boolean =>
  response.statusCode.startsWith('successful-ok');

/**
 * An answer after which no job exists (RFC 8011 §4.2.1.2: a refused request creates none). An internal
 * error is not among them: nobody knows how far the printer came.
 */
export const isRefusal = (response: IppResponse): boolean =>
  response.statusCode.startsWith('client-error-') ||
  [
    'server-error-operation-not-supported',
    'server-error-service-unavailable',
    'server-error-version-not-supported',
    'server-error-not-accepting-jobs',
    'server-error-busy',
    'server-error-multiple-document-jobs-not-supported',
    'server-error-printer-is-deactivated',
    'server-error-too-many-jobs',
  ].includes(response.statusCode);

export const getPrinterAttributes = (): IppRequest => ({
  operation: 'Get-Printer-Attributes',
  operationAttributes: { 'requested-attributes': PRINTER_ATTRIBUTES },
});

/** The same ticket for Validate-Job and Print-Job: what was not refused once is not refused for its ticket. */
export function jobRequest(
  operation: 'Validate-Job' | 'Print-Job',
  ticket: PrintTicket,
  printer: PrinterAttributes,
): IppRequest {
  return {
    operation,
    operationAttributes: {
      'requesting-user-name': REQUESTING_USER,
      'job-name': ticket.jobName,
      // Another paper size or a scaled page is a wrong document: rather none.
      'ipp-attribute-fidelity': true,
      'document-format': 'application/pdf',
      'job-impressions': ticket.pages,
    },
    jobAttributes: {
      copies: 1,
      sides: 'one-sided',
      'media-col': {
        'media-size': ticket.mediaSize,
        ...(ticket.mediaSource !== null && { 'media-source': ticket.mediaSource }),
      },
      ...(printer['print-scaling-supported'].includes('none') && { 'print-scaling': 'none' }),
    },
  };
}

export const getJobAttributes = (jobId: number): IppRequest => ({
  operation: 'Get-Job-Attributes',
  operationAttributes: {
    'job-id': jobId,
    'requesting-user-name': REQUESTING_USER,
    'requested-attributes': JOB_ATTRIBUTES,
  },
});

export type WhichJobs = 'not-completed' | 'completed';

/** Printers must know these two sets (RFC 8011 §4.2.6.1); together they are all jobs. */
export const getJobs = (whichJobs: WhichJobs): IppRequest => ({
  operation: 'Get-Jobs',
  operationAttributes: {
    'requesting-user-name': REQUESTING_USER,
    'which-jobs': whichJobs,
    'requested-attributes': JOB_ATTRIBUTES,
  },
});

export const cancelJob = (jobId: number): IppRequest => ({
  operation: 'Cancel-Job',
  operationAttributes: { 'job-id': jobId, 'requesting-user-name': REQUESTING_USER },
});

/** A group that is there and empty is as good as left out (RFC 8010 §3.5.1). */
const jobGroupsOf = (response: IppResponse): unknown[] =>
  [response['job-attributes-tag'] ?? []].flat().filter((group) => JSON.stringify(group) !== '{}');

/** False where an answer tells of a job of which not even number and state can be read. */
export const understandsEveryJob = (response: IppResponse): boolean =>
  jobGroupsOf(response).every((group) => jobAttributesSchema.safeParse(group).success);

/** The jobs in an answer; those that break the rules are left out. */
export function jobsIn(response: IppResponse): NamedJob[] {
  return jobGroupsOf(response).flatMap((attributes) => {
    const parsed = jobAttributesSchema.safeParse(attributes);
    if (!parsed.success) return [];
    const job = {
      jobId: parsed.data['job-id'],
      state: parsed.data['job-state'],
      reasons: parsed.data['job-state-reasons']
        .map(withoutSuffix)
        .filter((reason) => reason !== 'none'),
      impressionsCompleted: parsed.data['job-impressions-completed'] ?? null,
    };
    return [{ name: parsed.data['job-name'] ?? null, job }];
  });
}
