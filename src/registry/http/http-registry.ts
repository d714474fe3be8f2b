import { X509Certificate } from 'node:crypto';
import { systemClock, type Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type {
  HeadKeeper,
  OutcomeReceipt,
  Registry,
  RegistryTrouble,
  Reservation,
} from '../ports.ts';
import { routes } from '../wire/routes.ts';
import { createCaller, type Caller } from './call.ts';
import { Line, type LineOptions } from './line.ts';

export interface HttpRegistryOptions extends LineOptions {
  /** Must be the CN of the client certificate. */
  readonly terminalId: string;
  readonly clock?: Clock;
  /** Told the registry's own time with each answer (RFC 9110 section 6.6.1), to a second. */
  readonly onDate?: (wallMs: number) => void;
}

export interface HttpRegistry extends Registry {
  /** What it keeps of this terminal's journal. */
  readonly heads: HeadKeeper;
  /** Ends idle and running connections; running calls answer `noAnswer`. */
  close(): Promise<void>;
}

/**
 * The ports over our HTTP contract: TLS 1.3 (RFC 8446), pinned CA, client certificate, no redirects,
 * answers bounded and checked. Throws at once on options that can never work.
 */
export function createHttpRegistry(options: HttpRegistryOptions): HttpRegistry {
  checkOptions(options);
  const line = new Line(options);
  const call = createCaller(line, options.clock ?? systemClock, options.onDate);
  return {
    support: {
      listByPerson: true,
      exclusiveReservation: true,
      signedPdf: true,
      cardMaterial: true,
      notes: true,
      journalHeads: true,
    },
    claimants: claimants(call),
    requests: requests(call, options.terminalId),
    documents: {
      printMaterial: (attemptId, callOptions) =>
        call(routes.printMaterial, { params: { attemptId } }, callOptions),
    },
    outcomes: outcomes(call),
    heads: heads(call, options.terminalId),
    close: () => {
      line.close();
      return Promise.resolve();
    },
  };
}

function checkOptions(options: HttpRegistryOptions): void {
  const url = new URL(options.baseUrl);
  if (url.protocol !== 'https:' || url.pathname !== '/' || url.username !== '') {
    throw new RangeError('registry baseUrl must be https://host:port');
  }
  const { subject } = new X509Certificate(options.clientCertPem);
  if (!subject.split('\n').includes(`CN=${options.terminalId}`)) {
    throw new RangeError('the client certificate names another terminal');
  }
}

function claimants(call: Caller): Registry['claimants'] {
  return {
    verify: ({ presented, known }, { sessionId }, options) =>
      call(routes.openClaim, { body: { sessionId, presented, known } }, options),
    endClaim: async (token, options) =>
      discardAnswer(await call(routes.endClaim, { params: { token } }, options)),
  };
}

function requests(call: Caller, terminalId: string): Registry['requests'] {
  const own = <E>(
    attemptId: string,
    result: Result<Reservation, E>,
  ): Result<Reservation, E | RegistryTrouble> =>
    result.ok && (result.value.attemptId !== attemptId || result.value.terminalId !== terminalId)
      ? err({ kind: 'nonsense', detail: 'answer about another attempt' })
      : result;
  return {
    list: async (claimToken, options) => {
      const result = await call(routes.listRequests, { claimToken }, options);
      return result.ok ? ok(result.value.requests) : result;
    },
    reserve: async ({ claimToken, ...body }, options) =>
      own(body.attemptId, await call(routes.reserve, { claimToken, body }, options)),
    readReservation: async (attemptId, options) =>
      own(attemptId, await call(routes.readReservation, { params: { attemptId } }, options)),
    renew: async (attemptId, options) =>
      own(attemptId, await call(routes.renew, { params: { attemptId } }, options)),
    hold: async (attemptId, options) =>
      own(attemptId, await call(routes.hold, { params: { attemptId } }, options)),
    release: async (attemptId, options) =>
      own(attemptId, await call(routes.release, { params: { attemptId } }, options)),
  };
}

function outcomes(call: Caller): Registry['outcomes'] {
  return {
    reportOutcome: async (report, head, options) =>
      ofAttempt(
        report.attemptId,
        await call(routes.reportOutcome, { body: { report, head } }, options),
      ),
    correctOutcome: async (correction, head, options) =>
      ofAttempt(
        correction.attemptId,
        await call(routes.correctOutcome, { body: { correction, head } }, options),
      ),
    sendCorrection: async (body, options) =>
      discardAnswer(await call(routes.sendCorrection, { body }, options)),
    sendFeedback: async (body, options) =>
      discardAnswer(await call(routes.sendFeedback, { body }, options)),
    heartbeat: async (body, options) =>
      discardAnswer(await call(routes.heartbeat, { body }, options)),
  };
}

function heads(call: Caller, terminalId: string): HeadKeeper {
  return {
    readHeads: async (afterSize, options) => {
      const query = { afterSize: String(afterSize) };
      const result = await call(routes.readHeads, { params: { terminalId }, query }, options);
      if (!result.ok) return result;
      const page = result.value;
      // Two heads of one size are kept, and shown: they prove that a record was rewritten. But whoever
      // pages on by the last size must not be led round in a circle.
      const { heads: kept, more } = page;
      const rises = kept.every(
        ({ size }, index) => size >= (kept[index - 1]?.size ?? afterSize + 1),
      );
      if (!rises || (more && kept.length === 0)) {
        return err({ kind: 'nonsense', detail: 'heads that do not go on' });
      }
      return page.terminalId === terminalId
        ? ok({ heads: kept, more })
        : err({ kind: 'nonsense', detail: 'heads of another terminal' });
    },
  };
}

const ofAttempt = <E>(
  attemptId: string,
  result: Result<OutcomeReceipt, E>,
): Result<OutcomeReceipt, E | RegistryTrouble> =>
  result.ok && result.value.attemptId !== attemptId
    ? err({ kind: 'nonsense', detail: 'receipt for another attempt' })
    : result;

const discardAnswer = <E>(result: Result<unknown, E>): Result<void, E> =>
  result.ok ? ok(undefined) : result;
