import { err, ok, type Result } from '../../src/base/result.ts';
import type { PageJob } from '../contract/page-printer.ts';
import { printerAttributesSchema, type PrinterAttributes } from './printer-state.ts';
import {
  cancelJob,
  getJobAttributes,
  getJobs,
  getPrinterAttributes,
  isRefusal,
  isSuccess,
  jobRequest,
  jobsIn,
  type PrintTicket,
} from './protocol.ts';
import { IppTransport, type TransportError } from './transport.ts';

const ANSWER_TIMEOUT_MS = 4_000;
/** A printer may take the document as slowly as it renders it. */
const DOCUMENT_TIMEOUT_MS = 60_000;

/** `refused`: the printer said no, and nothing came of the request. `unclear`: it answered neither yes nor no. */
export type ClientError =
  | TransportError
  | { readonly kind: 'refused'; readonly statusCode: string }
  | { readonly kind: 'unclear'; readonly statusCode: string };

/** The handful of IPP operations a terminal needs, each with its answer checked. */
export class PrinterClient {
  readonly #transport: IppTransport;

  constructor(uri: string) {
    this.#transport = new IppTransport(uri);
  }

  async printerAttributes(): Promise<Result<PrinterAttributes, ClientError>> {
    const response = await this.#transport.send(getPrinterAttributes(), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    const attributes = printerAttributesSchema.safeParse(response.value['printer-attributes-tag']);
    return attributes.success ? ok(attributes.data) : err({ kind: 'notIpp' });
  }

  /** Asks whether the printer would take such a job. Nothing is sent that it could print. */
  async validate(
    ticket: PrintTicket,
    printer: PrinterAttributes,
  ): Promise<Result<null, ClientError>> {
    const request = jobRequest('Validate-Job', ticket, printer);
    const response = await this.#transport.send(request, ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    const { statusCode } = response.value;
    if (isSuccess(response.value)) return ok(null);
    return err({ kind: isRefusal(response.value) ? 'refused' : 'unclear', statusCode });
  }

  /** Hands the document over. Completes with the printer's number for the job. */
  async print(
    document: Uint8Array,
    ticket: PrintTicket,
    printer: PrinterAttributes,
  ): Promise<Result<PageJob, ClientError>> {
    const request = jobRequest('Print-Job', ticket, printer);
    const response = await this.#transport.send(request, DOCUMENT_TIMEOUT_MS, document);
    if (!response.ok) return response;
    const { statusCode } = response.value;
    const job = jobsIn(response.value)[0]?.job;
    if (isSuccess(response.value)) return job === undefined ? err({ kind: 'notIpp' }) : ok(job);
    const refused = isRefusal(response.value) && job === undefined;
    return err({ kind: refused ? 'refused' : 'unclear', statusCode });
  }

  async job(jobId: number): Promise<Result<PageJob, ClientError>> {
    const response = await this.#transport.send(getJobAttributes(jobId), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    const { statusCode } = response.value;
    if (!isSuccess(response.value)) return err({ kind: 'refused', statusCode });
    const job = jobsIn(response.value)[0]?.job;
    return job === undefined ? err({ kind: 'notIpp' }) : ok(job);
  }

  /** The newest job of that name, running or ended, or null where the printer remembers none. */
  async findByName(jobName: string): Promise<Result<PageJob | null, ClientError>> {
    const found: PageJob[] = [];
    // Running ones first: a job that ends between the two questions is then in the second answer.
    for (const whichJobs of ['not-completed', 'completed'] as const) {
      const response = await this.#transport.send(getJobs(whichJobs), ANSWER_TIMEOUT_MS);
      if (!response.ok) return response;
      const { statusCode } = response.value;
      if (!isSuccess(response.value) && statusCode !== 'client-error-not-found') {
        return err({ kind: 'refused', statusCode });
      }
      const named = jobsIn(response.value).filter(({ name }) => name === jobName);
      found.push(...named.map(({ job }) => job));
    }
    // Later answers win, so that a job in both is the ended one.
    return ok(found.reduce<PageJob | null>((a, b) => (a && a.jobId > b.jobId ? a : b), null));
  }

  async cancel(jobId: number): Promise<Result<null, ClientError>> {
    const response = await this.#transport.send(cancelJob(jobId), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    const { statusCode } = response.value;
    if (isSuccess(response.value)) return ok(null);
    return err({ kind: isRefusal(response.value) ? 'refused' : 'unclear', statusCode });
  }
}
