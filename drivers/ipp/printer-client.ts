import { err, ok, type Result } from '../../src/base/result.ts';
import type { PageJob } from '../contract/page-printer.ts';
import { isSpooler } from './printer-facts.ts';
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
  type NamedJob,
  type PrintTicket,
  understandsEveryJob,
  type WhichJobs,
} from './protocol.ts';
import { IppTransport, type IppResponse, type TransportError } from './transport.ts';

const ANSWER_TIMEOUT_MS = 4_000;
/** A printer may take the document as slowly as it renders it. */
const DOCUMENT_TIMEOUT_MS = 60_000;

/** `refused`: the printer said no, and nothing came of the request. `unclear`: it answered neither yes nor no. */
export type ClientError =
  | TransportError
  | { readonly kind: 'refused'; readonly statusCode: string }
  | { readonly kind: 'unclear'; readonly statusCode: string };

interface ListedJobs {
  readonly named: readonly NamedJob[];
  /** False: the printer told of others, which cannot be read. */
  readonly everyOne: boolean;
}

/** The handful of IPP operations a terminal needs, each with its answer checked. */
export class PrinterClient {
  readonly #transport: IppTransport;
  /** A spooler counts what it passed on, before anything was printed. Not known before it answered once. */
  #countsSheets = false;

  constructor(uri: string, socketPath: string | null = null) {
    this.#transport = new IppTransport(uri, socketPath);
  }

  async printerAttributes(): Promise<Result<PrinterAttributes, ClientError>> {
    const response = await this.#transport.send(getPrinterAttributes(), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    if (!isSuccess(response.value)) return err(notGranted(response.value));
    const attributes = printerAttributesSchema.safeParse(response.value['printer-attributes-tag']);
    if (!attributes.success) return err({ kind: 'notIpp' });
    this.#countsSheets = !isSpooler(attributes.data);
    return ok(attributes.data);
  }

  /** Asks whether the printer would take such a job. Nothing is sent that it could print. */
  async validate(
    ticket: PrintTicket,
    printer: PrinterAttributes,
  ): Promise<Result<null, ClientError>> {
    const request = jobRequest('Validate-Job', ticket, printer);
    const response = await this.#transport.send(request, ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    return isSuccess(response.value) ? ok(null) : err(notGranted(response.value));
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
    const job = this.#jobsIn(response.value)[0]?.job;
    if (isSuccess(response.value)) return job === undefined ? err({ kind: 'notIpp' }) : ok(job);
    const refused = isRefusal(response.value) && job === undefined;
    return err({ kind: refused ? 'refused' : 'unclear', statusCode });
  }

  async job(jobId: number): Promise<Result<PageJob, ClientError>> {
    const response = await this.#transport.send(getJobAttributes(jobId), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    if (!isSuccess(response.value)) return err(notGranted(response.value));
    const job = this.#jobsIn(response.value)[0]?.job;
    return job === undefined ? err({ kind: 'notIpp' }) : ok(job);
  }

  /**
   * The newest job of that name, running or ended, or null where the printer remembers none. Whether it does
   * is not known where it tells of a job that cannot be read: `notIpp`.
   */
  async findByName(jobName: string): Promise<Result<PageJob | null, ClientError>> {
    const found: PageJob[] = [];
    let allRead = true;
    // Running ones first: a job that ends between the two questions is then in the second answer.
    for (const whichJobs of ['not-completed', 'completed'] as const) {
      const jobs = await this.#jobs(whichJobs);
      if (!jobs.ok) return jobs;
      const { named, everyOne } = jobs.value;
      found.push(...named.filter(({ name }) => name === jobName).map(({ job }) => job));
      allRead &&= everyOne;
    }
    if (found.length === 0 && !allRead) return err({ kind: 'notIpp' });
    // Later answers win, so that a job in both is the ended one.
    return ok(found.reduce<PageJob | null>((a, b) => (a && a.jobId > b.jobId ? a : b), null));
  }

  /** Every job that may still print something, whoever sent it; `notIpp` where one of them cannot be read. */
  async liveJobs(): Promise<Result<readonly NamedJob[], ClientError>> {
    const jobs = await this.#jobs('not-completed');
    if (!jobs.ok) return jobs;
    return jobs.value.everyOne ? ok(jobs.value.named) : err({ kind: 'notIpp' });
  }

  async cancel(jobId: number): Promise<Result<null, ClientError>> {
    const response = await this.#transport.send(cancelJob(jobId), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    return isSuccess(response.value) ? ok(null) : err(notGranted(response.value));
  }

  async #jobs(whichJobs: WhichJobs): Promise<Result<ListedJobs, ClientError>> {
    const response = await this.#transport.send(getJobs(whichJobs), ANSWER_TIMEOUT_MS);
    if (!response.ok) return response;
    const none = response.value.statusCode === 'client-error-not-found';
    return isSuccess(response.value) || none
      ? ok({ named: this.#jobsIn(response.value), everyOne: understandsEveryJob(response.value) })
      : err(notGranted(response.value));
  }

  #jobsIn(response: IppResponse): NamedJob[] {
    const jobs = jobsIn(response);
    if (this.#countsSheets) return jobs;
    return jobs.map(({ name, job }) => ({ name, job: { ...job, impressionsCompleted: null } }));
  }
}

const notGranted = (response: IppResponse): ClientError => ({
  kind: isRefusal(response) ? 'refused' : 'unclear',
  statusCode: response.statusCode,
});
