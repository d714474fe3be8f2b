import * as z from 'zod';
import type { PrinterAttributes } from './printer-state.ts';

/** `deviceReported`: the printer itself answers. `hostAccepted`: something on a host that hands jobs on. */
export type CompletedMeans = 'deviceReported' | 'hostAccepted';

/** How a printer is reached and known, the same for every driver that speaks IPP. */
export const ippAddressOptions = {
  /** `ipp://192.0.2.7/ipp/print`, the printer itself, or `ipp://localhost/printers/NAME`, a queue of CUPS. */
  uri: z.url({ protocol: /^ipps?$/, error: 'not an ipp:// or ipps:// address' }),
  /** The Unix socket of a spooler of this machine, in place of the address's host and port. */
  socketPath: z.string().startsWith('/', 'not an absolute path').nullable().default(null),
  /** `printer-make-and-model` to the letter; another model is not printed on. */
  expectedModel: z.string().min(1).nullable().default(null),
  /** `printer-uuid`, such as `urn:uuid:…`; another device of the same model is not printed on. */
  expectedUuid: z.string().startsWith('urn:uuid:', 'not a urn:uuid:').nullable().default(null),
  /**
   * Lowers what `completed` is worth, for a spooler that does not say that it is one. Nothing raises it.
   */
  completedMeans: z.literal('hostAccepted').nullable().default(null),
} as const;

export interface ExpectedPrinter {
  readonly expectedModel: string | null;
  readonly expectedUuid: string | null;
}

/** Why a device that answers is not the one to print on, or cannot print our documents at all. */
export type Misfit =
  | 'otherModel'
  | 'otherDevice'
  | 'noPdf'
  | 'noSuchMedia'
  | 'noSuchSource'
  /** A queue of CUPS that prints a job that failed later, for whoever stands there then. */
  | 'queueKeepsJobs';

/** The only setting of CUPS by which nothing is printed that core does not ask for (cupsd.conf(5), ErrorPolicy). */
const ABORT_JOB = 'abort-job';

/**
 * CUPS tells of itself: `cups-version`, `printer-type` and `device-uri` are attributes of its own, which no
 * printer has.
 */
export const isSpooler = (attributes: PrinterAttributes): boolean =>
  [attributes['cups-version'], attributes['printer-type'], attributes['device-uri']].some(
    (value) => value !== undefined,
  );

export const completedMeansOf = (
  attributes: PrinterAttributes,
  lowered: 'hostAccepted' | null,
): CompletedMeans => lowered ?? (isSpooler(attributes) ? 'hostAccepted' : 'deviceReported');

/**
 * What identity, document format and the rules of a queue say; null: it fits. A printer that lists no formats
 * is asked job by job.
 */
export function misfitOf(
  attributes: PrinterAttributes,
  { expectedModel, expectedUuid }: ExpectedPrinter,
): Misfit | null {
  if (expectedModel !== null && attributes['printer-make-and-model'] !== expectedModel) {
    return 'otherModel';
  }
  if (expectedUuid !== null && attributes['printer-uuid'] !== expectedUuid) return 'otherDevice';
  if ((attributes['printer-error-policy'] ?? ABORT_JOB) !== ABORT_JOB) return 'queueKeepsJobs';
  const formats = attributes['document-format-supported'];
  return formats.length > 0 && !formats.includes('application/pdf') ? 'noPdf' : null;
}
