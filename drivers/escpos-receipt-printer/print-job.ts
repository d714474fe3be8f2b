import type { Clock } from '../../src/base/clock.ts';
import { ok, type Result } from '../../src/base/result.ts';
import type { ReceiptPrinterCapabilities } from '../contract/receipt-printer.ts';
import type { Answer } from './answers.ts';
import type { LinkFault, PrinterLink, Watch } from './link.ts';
import type { EscposOptions } from './options.ts';
import { ASK_PAPER, askProcessId, CLEAR_BUFFERS, type PrinterState } from './protocol.ts';
import { faultOf, obstacleOf, type Reason } from './status.ts';

/** How far a receipt came. */
export type JobEnd =
  | {
      readonly kind: 'printed';
      readonly evidence: ReceiptPrinterCapabilities['completedMeans'];
      /** It was printed, and then the printer answered no more as it should. */
      readonly fault: LinkFault | null;
    }
  /** Nothing was sent. */
  | { readonly kind: 'notBegun'; readonly reason: Reason | LinkFault }
  /** The printer stopped and says why; `rest` is what of the receipt may still be inside it. */
  | { readonly kind: 'stopped'; readonly reason: Reason; readonly rest: 'cleared' | 'mayFollow' }
  /** Nothing is known. */
  | { readonly kind: 'lost'; readonly fault: LinkFault };

/** With a look before it, and a look or an order to clear after it, less than core waits for a receipt. */
const JOB_MS = 24_000;
/** How often a printer that is printing is asked whether it still does; one that tells changes is quicker. */
const POLL_MS = 500;
const CLEAR_MS = 2_000;

export interface Job {
  readonly link: PrinterLink;
  readonly clock: Clock;
  readonly options: EscposOptions;
  readonly onState: (state: PrinterState) => void;
}

/** Prints one receipt; `id` marks it and no other. Completes in less than core waits. */
export async function printJob(job: Job, receipt: Uint8Array, id: string): Promise<JobEnd> {
  const { link, options } = job;
  const before = await look(job);
  if (!before.ok) return { kind: 'notBegun', reason: before.error };
  const obstacle = obstacleOf(before.value, options);
  if (obstacle !== null) return { kind: 'notBegun', reason: obstacle };
  const ended = watchEnd(job, id);
  const stopped = link.watch((answer) => reasonIn(job, answer) !== null, JOB_MS);
  try {
    return await follow(job, Buffer.concat([receipt, questionOf(options, id)]), ended, stopped);
  } finally {
    ended?.stop();
    stopped.stop();
  }
}

function questionOf({ endOfJob }: EscposOptions, id: string): Uint8Array {
  switch (endOfJob) {
    case 'processId':
      return askProcessId(id);
    case 'paperStatus':
      return ASK_PAPER;
    case 'none':
      return Buffer.of();
  }
}

/** Of a former receipt an answer may still come; it is not taken for this one's. */
function watchEnd({ link, options }: Job, id: string): Watch | null {
  switch (options.endOfJob) {
    case 'processId':
      return link.watch((answer) => answer.kind === 'processId' && answer.id === id, JOB_MS);
    case 'paperStatus':
      link.owePaper();
      return link.watch(({ kind }) => kind === 'paper' && link.papersOwed === 0, JOB_MS);
    case 'none':
      return null;
  }
}

async function follow(
  job: Job,
  bytes: Uint8Array,
  ended: Watch | null,
  stopped: Watch,
): Promise<JobEnd> {
  const { link, options } = job;
  const sending = link.send(bytes, JOB_MS);
  const first = await Promise.race([sending, stopped.end]);
  if (!first.ok) return { kind: 'lost', fault: first.error };
  if (first.value !== undefined) {
    const reason = reasonIn(job, first.value);
    const pause = pauseOf(job.clock);
    const blocked = (await Promise.race([sending, pause.over])) === null;
    pause.cancel();
    // The rest of it stands in the line, and no order to clear gets past it.
    if (blocked && reason !== null) return { kind: 'stopped', reason, rest: 'mayFollow' };
  }
  const came = ended === null ? null : await waitFor(job, ended, stopped);
  if (came !== null && !came.ok) return { kind: 'lost', fault: came.error };
  if (came?.value.kind === 'stopped') return clear(job, came.value.reason);
  const after = await look(job);
  if (ended === null) {
    if (!after.ok) return { kind: 'lost', fault: after.error };
    const fault = faultOf(after.value, options);
    if (fault !== null) return clear(job, fault);
  }
  // It was printed and hangs on the roll.
  if (options.cutter && after.ok && after.value.cutterError) return clear(job, 'cutterJammed');
  const evidence = options.endOfJob === 'processId' ? 'deviceReported' : 'hostAccepted';
  return { kind: 'printed', evidence, fault: after.ok ? null : after.error };
}

type Came = Result<
  { readonly kind: 'ended' } | { readonly kind: 'stopped'; readonly reason: Reason },
  LinkFault
>;

/** Until the printer says that it is done, or that it stopped, whichever comes first. */
async function waitFor(job: Job, ended: Watch, stopped: Watch): Promise<Came> {
  const heard = Promise.race([ended.end, stopped.end]);
  for (;;) {
    const pause = pauseOf(job.clock);
    const told = await Promise.race([heard, pause.over]);
    pause.cancel();
    if (told !== null) return told.ok ? ok(meaningOf(job, told.value)) : told;
    const asked = await look(job);
    // What came while it was asked came first.
    if ((await Promise.race([heard, Promise.resolve(null)])) !== null) continue;
    if (!asked.ok) return asked;
    const reason = faultOf(asked.value, job.options);
    if (reason !== null) return ok({ kind: 'stopped', reason });
  }
}

function meaningOf(job: Job, answer: Answer): Extract<Came, { readonly ok: true }>['value'] {
  const reason = reasonIn(job, answer);
  return reason === null ? { kind: 'ended' } : { kind: 'stopped', reason };
}

function pauseOf(clock: Clock): { readonly over: Promise<null>; cancel(): void } {
  let cancel = (): void => undefined;
  const over = new Promise<null>((resolve) => {
    const timer = clock.after(POLL_MS, () => resolve(null));
    cancel = () => timer.cancel();
  });
  return { over, cancel: () => cancel() };
}

/** What is left inside would come out for the next citizen, once there is paper. */
async function clear({ link, options }: Job, reason: Reason): Promise<JobEnd> {
  if (!options.clearsBuffers) return { kind: 'stopped', reason, rest: 'mayFollow' };
  const cleared = await link.ask(CLEAR_BUFFERS, ({ kind }) => kind === 'cleared', CLEAR_MS);
  return { kind: 'stopped', reason, rest: cleared.ok ? 'cleared' : 'mayFollow' };
}

async function look({ link, onState }: Job): Promise<Result<PrinterState, LinkFault>> {
  const state = await link.state();
  if (state.ok) onState(state.value);
  return state;
}

const reasonIn = ({ options }: Job, answer: Answer): Reason | null =>
  answer.kind === 'automatic' ? faultOf(answer.state, options) : null;
