import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { OutcomeCorrection, OutcomeReport } from '../../src/domain/attempt.ts';
import type { CardFields } from '../../src/domain/card-fields.ts';
import type { PrintOrder } from '../../src/domain/print-order.ts';
import type { ListedRequest } from '../../src/domain/request.ts';
import {
  cardContentDigest,
  fingerprintsDigest,
  pdfDigest,
} from '../../src/documents/order-digest.ts';
import type { OutboxMessage } from '../../src/journal/outbox/message.ts';
import type { Delivery } from '../../src/journal/outbox/outbox-sender.ts';
import type { Issuance } from '../../src/issuance/issuance.ts';
import type {
  Fingerprint,
  PrintMaterial,
  Registry,
  Reservation,
  ReserveRefusal,
} from '../../src/registry/ports.ts';
import { Life } from './mortal.ts';

export interface KnownRequest {
  readonly listed: ListedRequest;
  readonly fields: CardFields | null;
  readonly pdf: Uint8Array | null;
  state: 'siapCetak' | 'dipesan' | 'diserahkan' | 'gagalCetak' | 'perluPeriksa' | 'takDiambil';
  holder: string | null;
}

/** A registry of a few lines that keeps its word: one holder a request, the same answer for the same key. */
export class FakeRegistry {
  readonly requests = new Map<string, KnownRequest>();
  readonly reports: OutcomeReport[] = [];
  readonly corrections: OutcomeCorrection[] = [];
  /** What the next calls of a name come to: carried out without an answer, or not carried out. */
  readonly interference: { call: string; what: 'lost' | 'unreachable'; times: number }[] = [];
  /** Alters what is sent after it was signed. */
  tamper: (material: PrintMaterial) => PrintMaterial = (material) => material;
  /** Alters the order before it is signed. */
  misorder: (order: PrintOrder) => PrintOrder = (order) => order;
  answersReports = true;
  /** Denies every reservation that it gave. */
  denies = false;
  leaseMs = 900_000;
  /** Until when the newest lease runs, as the wall clock counts. */
  leaseEndsAt = 0;
  renewals = 0;
  /** Blanks spoiled for one request after which people decide. */
  spoiledLimit = Number.POSITIVE_INFINITY;
  /** Fingers of whoever a KTP-el is for; with any, it waits for one of them. */
  fingerprints: readonly Fingerprint[] = [];
  wrongCodeTriesLeft: number | null = null;
  /** What an answered reservation says of itself. */
  answeredState: Reservation['state'] = 'held';
  readonly #attempts = new Map<string, string>();
  readonly #clock: Clock;
  readonly #key: CryptoKey;
  readonly publicJwk: JWK;

  private constructor(clock: Clock, key: CryptoKey, publicJwk: JWK) {
    this.#clock = clock;
    this.#key = key;
    this.publicJwk = publicJwk;
  }

  static async open(clock: Clock): Promise<FakeRegistry> {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    return new FakeRegistry(clock, pair.privateKey, await exportJWK(pair.publicKey));
  }

  add(listed: ListedRequest, content: { fields?: CardFields; pdf?: Uint8Array }): void {
    const { fields = null, pdf = null } = content;
    this.requests.set(listed.requestId, { listed, fields, pdf, state: 'siapCetak', holder: null });
  }

  /** Drops a request that nobody asks about any more, so that a long run is not a growing one. */
  forget(requestId: string): void {
    this.requests.delete(requestId);
    keepOnly(this.reports, (one) => one.requestId !== requestId);
    keepOnly(this.corrections, (one) => one.requestId !== requestId);
    for (const [attemptId, of] of this.#attempts) {
      if (of === requestId) this.#attempts.delete(attemptId);
    }
  }

  ports(life: Life = new Life()): Pick<Registry, 'requests' | 'documents'> {
    const held = (attemptId: string): Reservation | null => {
      const request = this.#requestOf(attemptId);
      if (request === null) return null;
      const onHold = request.state === 'perluPeriksa';
      const state = onHold ? 'onHold' : request.holder === attemptId ? 'held' : 'ended';
      return this.#reservation(request, attemptId, state);
    };
    const own = (
      attemptId: string,
    ): Result<Reservation, { readonly kind: 'unknownReservation' }> => {
      const reservation = this.denies ? null : held(attemptId);
      return reservation === null ? err({ kind: 'unknownReservation' }) : ok(reservation);
    };
    return {
      requests: {
        list: () => Promise.reject(new Error('issuance never lists')),
        reserve: (ask) =>
          this.#call(life, 'reserve', (): Result<Reservation, ReserveRefusal> => {
            const request = this.requests.get(ask.requestId);
            if (request === undefined) return err({ kind: 'notReady' });
            if (this.wrongCodeTriesLeft !== null) {
              return err({ kind: 'wrongPrintCode', triesLeft: this.wrongCodeTriesLeft });
            }
            if (request.holder !== null && request.holder !== ask.attemptId) {
              return err({ kind: 'reservedElsewhere' });
            }
            if (request.holder === null && request.state !== 'siapCetak') {
              return err({ kind: 'notReady' });
            }
            request.holder = ask.attemptId;
            request.state = 'dipesan';
            this.#attempts.set(ask.attemptId, ask.requestId);
            return ok(this.#reservation(request, ask.attemptId, this.answeredState));
          }),
        readReservation: (attemptId) => this.#call(life, 'readReservation', () => own(attemptId)),
        renew: (attemptId) =>
          this.#call(life, 'renew', () => {
            this.renewals += 1;
            return own(attemptId);
          }),
        hold: (attemptId) => this.#call(life, 'hold', () => own(attemptId)),
        release: (attemptId) =>
          this.#call(life, 'release', () => {
            if (!this.denies) this.#release(attemptId);
            return own(attemptId);
          }),
      },
      documents: {
        printMaterial: (attemptId) =>
          this.#callAsync(life, 'printMaterial', async () => {
            const request = this.#requestOf(attemptId);
            return request === null || this.denies
              ? err({ kind: 'unknownReservation' })
              : ok(this.tamper(await this.#material(request, attemptId)));
          }),
      },
    };
  }

  /** The outbox's way here. */
  deliver(message: OutboxMessage, issuance: Issuance): Delivery {
    if (!this.answersReports) return { end: 'retry' };
    if (this.denies) return this.#denial(message, issuance);
    switch (message.kind) {
      case 'release':
        this.#release(message.attemptId);
        return { end: 'done', events: () => [] };
      case 'hold': {
        const request = this.#requestOf(message.attemptId);
        if (request !== null) request.state = 'perluPeriksa';
        return { end: 'done', events: () => [] };
      }
      case 'outcomeReport': {
        const { attemptId } = message.report;
        const before = this.reports.find((report) => report.attemptId === attemptId);
        if (before === undefined) this.#settle(message.report);
        else if (JSON.stringify(before) !== JSON.stringify(message.report)) {
          throw new Error('two reports of one attempt differ');
        }
        const requestState = this.requests.get(message.report.requestId)?.state ?? 'dibatalkan';
        const receipt = { attemptId, receiptId: `r-${this.reports.length}`, requestState };
        return { end: 'done', events: () => issuance.receiptEvents(receipt) };
      }
      case 'outcomeCorrection': {
        const { attemptId, requestId, outcome } = message.correction;
        const known = this.corrections.find(
          ({ decisionId }) => decisionId === message.correction.decisionId,
        );
        if (known === undefined) this.#correct(message.correction);
        const requestState = this.requests.get(requestId)?.state ?? 'dibatalkan';
        const receiptId = `c-${this.corrections.length}-${outcome}`;
        return {
          end: 'done',
          events: () => issuance.receiptEvents({ attemptId, receiptId, requestState }),
        };
      }
      case 'correction':
      case 'feedback':
        throw new Error(`issuance owes no ${message.kind}`);
    }
  }

  /** As core takes such an answer: there is nothing to give back or to freeze, and a report is for people. */
  #denial(message: OutboxMessage, issuance: Issuance): Delivery {
    if (message.kind !== 'outcomeReport') return { end: 'done', events: () => [] };
    const { attemptId } = message.report;
    return {
      end: 'conflict',
      events: () => issuance.conflictEvents(attemptId, 'unknownReservation'),
    };
  }

  #settle(report: OutcomeReport): void {
    this.reports.push(report);
    const request = this.requests.get(report.requestId);
    if (request === undefined) throw new Error('a report of an unknown request');
    // Frozen is frozen, whatever is learnt later.
    if (request.state === 'perluPeriksa') {
      request.holder = null;
      return;
    }
    const onPaper = request.pdf !== null;
    switch (report.outcome) {
      case 'delivered':
        if (request.state === 'diserahkan') throw new Error('handed over twice');
        request.state = 'diserahkan';
        break;
      case 'notPrinted':
        request.state = 'siapCetak';
        break;
      case 'spoiled': {
        const spoiled = this.reports.filter(
          ({ outcome, requestId }) => outcome === 'spoiled' && requestId === report.requestId,
        );
        request.state = spoiled.length < this.spoiledLimit ? 'siapCetak' : 'gagalCetak';
        break;
      }
      case 'retracted':
        request.state = 'takDiambil';
        break;
      case 'uncertain':
        request.state = onPaper ? 'siapCetak' : 'perluPeriksa';
    }
    request.holder = null;
  }

  #correct(correction: OutcomeCorrection): void {
    this.corrections.push(correction);
    const request = this.requests.get(correction.requestId);
    if (request === undefined) throw new Error('a correction of an unknown request');
    switch (correction.outcome) {
      case 'delivered':
        request.state = 'diserahkan';
        break;
      case 'notPrinted':
      case 'spoiled':
        request.state = 'siapCetak';
        break;
      case 'retracted':
        request.state = 'takDiambil';
    }
    request.holder = null;
  }

  #release(attemptId: string): void {
    const request = this.#requestOf(attemptId);
    if (request?.holder !== attemptId) return;
    request.holder = null;
    request.state = 'siapCetak';
  }

  #requestOf(attemptId: string): KnownRequest | null {
    return this.requests.get(this.#attempts.get(attemptId) ?? '') ?? null;
  }

  #reservation(request: KnownRequest, attemptId: string, state: Reservation['state']): Reservation {
    this.leaseEndsAt = this.#clock.now() + this.leaseMs;
    return {
      requestId: request.listed.requestId,
      attemptId,
      terminalId: 'T-1',
      state,
      leaseExpiresAt: this.leaseEndsAt,
    };
  }

  async #material(request: KnownRequest, attemptId: string): Promise<PrintMaterial> {
    const { listed, fields, pdf } = request;
    const fingerprints = listed.documentKind === 'ktpEl' ? this.fingerprints : [];
    const order = this.misorder({
      typ: 'anjungan.printOrder.1',
      mode: 'specimen',
      requestId: listed.requestId,
      attemptId,
      terminalId: 'T-1',
      documentKind: listed.documentKind,
      blankKind: listed.blankKind,
      oldCard: listed.oldCard,
      contentDigest:
        fields === null ? pdfDigest(pdf ?? new Uint8Array()) : cardContentDigest(fields),
      photoDigest: null,
      fingerprintsDigest: fingerprintsDigest(fingerprints),
      holderCheck: fingerprints.length > 0 ? 'fingerprint' : 'notRequired',
      pages: listed.pages,
      issuingOffice: listed.issuingOffice,
      expiresAt: Math.floor(this.#clock.now() / 1000) + 900,
    });
    const orderJws = await new SignJWT({ ...order })
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(this.#key);
    return fields === null
      ? {
          media: 'plainPaper',
          orderJws,
          pdfBase64: Buffer.from(pdf ?? new Uint8Array()).toString('base64'),
        }
      : {
          media: 'controlledBlank',
          orderJws,
          fields,
          photoJpegBase64: null,
          fingerprints: [...fingerprints],
        };
  }

  #call<T, E>(
    life: Life,
    name: string,
    carryOut: () => Result<T, E>,
  ): Promise<Result<T, E | { kind: 'unreachable' } | { kind: 'noAnswer' }>> {
    return this.#callAsync(life, name, () => Promise.resolve(carryOut()));
  }

  async #callAsync<T, E>(
    life: Life,
    name: string,
    carryOut: () => Promise<Result<T, E>>,
  ): Promise<Result<T, E | { kind: 'unreachable' } | { kind: 'noAnswer' }>> {
    const met = this.interference.find((one) => one.call === name && one.times > 0);
    if (met !== undefined) met.times -= 1;
    if (met?.what === 'unreachable') return err({ kind: 'unreachable' });
    const answer = await life.step(`registry.${name}`, carryOut);
    return met?.what === 'lost' ? err({ kind: 'noAnswer' }) : answer;
  }
}

function keepOnly<T>(list: T[], holds: (one: T) => boolean): void {
  list.splice(0, list.length, ...list.filter(holds));
}
