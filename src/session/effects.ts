import { assert, assertNever } from '../base/assert.ts';
import { newId } from '../base/ids.ts';
import { knownFactorSchema } from '../domain/claim.ts';
import type { ListedRequest } from '../domain/request.ts';
import type { RunningAttempt } from '../issuance/issuance.ts';
import { HOLDER_TRIES } from '../issuance/time-limits.ts';
import type { Claimant } from '../journal/vault/open-case.ts';
import type { SessionDeps } from './deps.ts';
import type { SessionEffect, SessionEvent } from './events.ts';
import { identifyCard, identifyNik } from './identify.ts';
import { OldCardSlot } from './old-card.ts';
import {
  problem,
  problemOfRefusal,
  problemOfStop,
  problemOfSurrender,
  problemOfTrouble,
  settledAttempt,
} from './problems.ts';

/** How long each question to the registry may take. */
const VERIFY_DEADLINE_MS = 10_000;
const LIST_DEADLINE_MS = 10_000;
const END_CLAIM_DEADLINE_MS = 5_000;

type EffectOf<T extends SessionEffect['type']> = Extract<SessionEffect, { type: T }>;
export type Dispatch = (event: SessionEvent) => void;

/**
 * Carries out the effects of one session. `dispatch` drops what comes after the session ended; only
 * a claim that was granted too late is ended here, because nobody else knows of it.
 */
export class SessionEffects {
  readonly sessionId: string;
  readonly #deps: SessionDeps;
  readonly #dispatch: Dispatch;
  readonly #oldCardSlot: OldCardSlot | null;
  /** By request: every attempt for it in this session belongs to the one case, erased as one. */
  readonly #caseIds = new Map<string, string>();
  readonly #ending = new AbortController();
  #attempt: RunningAttempt | null = null;

  constructor(sessionId: string, deps: SessionDeps, dispatch: Dispatch) {
    this.sessionId = sessionId;
    this.#deps = deps;
    const { oldCardSlot } = deps;
    this.#oldCardSlot = oldCardSlot === null ? null : new OldCardSlot(sessionId, oldCardSlot, deps);
    this.#dispatch = (event) => {
      if (!this.#ending.signal.aborted) dispatch(event);
    };
  }

  end(): void {
    this.#ending.abort();
  }

  async readCard(): Promise<void> {
    const { cardReader, terminal, record } = this.#deps;
    if (cardReader === null) return;
    const refuse = async (code: Parameters<typeof problem>[0], reason: string): Promise<void> => {
      await record([
        { kind: 'session.readRefused', sessionId: this.sessionId, presented: 'eKtp', reason },
      ]);
      this.#dispatch({ type: 'factor.rejected', way: 'eKtp', problem: problem(code) });
    };
    const { signal } = this.#ending;
    const context = { sessionId: this.sessionId, signal };
    const read = await cardReader.execute('readIdentity', {}, context);
    // Nobody stands there who could be told, and the card was not refused.
    if (!read.ok && read.error.kind === 'canceled') return;
    if (!read.ok) {
      const { error } = read;
      const reason = error.kind === 'commandError' ? error.errorCode : error.kind;
      await refuse(problemOfRead(reason), reason);
      return;
    }
    const factor = identifyCard(read.value, terminal.mode);
    if (!factor.ok) {
      await refuse(factor.error, factor.error);
      return;
    }
    this.#dispatch({ type: 'factor.presented', way: 'eKtp', factor: factor.value });
  }

  parseNik({ params }: EffectOf<'parseNik'>): void {
    const factor = identifyNik(params.nik, this.#deps.terminal.mode);
    this.#dispatch(
      factor.ok
        ? { type: 'factor.presented', way: 'nik', factor: factor.value }
        : { type: 'factor.rejected', way: 'nik', problem: problem(factor.error) },
    );
  }

  async verifyFactors({ params }: EffectOf<'verifyFactors'>): Promise<void> {
    const { registry, record } = this.#deps;
    const known = knownFactorSchema.safeParse(params.known);
    if (!known.success) {
      this.#dispatch({ type: 'claim.refused', problem: problem('refused'), mayRetry: true });
      return;
    }
    const { sessionId } = this;
    const kinds = { sessionId, presented: params.presented.kind, known: known.data.kind };
    const answer = await registry.claimants.verify(
      { presented: params.presented, known: known.data },
      { sessionId },
      { deadlineMs: VERIFY_DEADLINE_MS, idempotencyKey: newId('try') },
    );
    if (answer.ok) {
      if (!this.#ending.signal.aborted) await record([{ kind: 'session.identified', ...kinds }]);
      // The citizen may have left before the answer came, or while it was being recorded.
      if (this.#ending.signal.aborted) await this.#endClaim(answer.value.claimToken);
      else this.#dispatch({ type: 'claim.verified', claim: answer.value });
      return;
    }
    const { error } = answer;
    const isTrouble =
      error.kind === 'unreachable' || error.kind === 'noAnswer' || error.kind === 'nonsense';
    const reason = isTrouble ? 'registryTrouble' : error.kind;
    await record([{ kind: 'session.identificationRefused', ...kinds, reason }]);
    this.#dispatch({ type: 'claim.refused', ...problemOfRefusal(error) });
  }

  async listRequests({ params }: EffectOf<'listRequests'>): Promise<void> {
    const { registry, issuance, record } = this.#deps;
    const listed = await registry.requests.list(params.claim.claimToken, {
      deadlineMs: LIST_DEADLINE_MS,
    });
    if (!listed.ok) {
      const { error } = listed;
      this.#dispatch({
        type: 'requests.failed',
        problem: error.kind === 'claimEnded' ? problem('claimEnded') : problemOfTrouble(error),
      });
      return;
    }
    const ready = listed.value.filter((request) => request.state === 'siapCetak').length;
    const notReady = listed.value.length - ready;
    await record([{ kind: 'session.documentsListed', sessionId: this.sessionId, ready, notReady }]);
    const requests = listed.value.map((request) => ({
      ...request,
      oldCardCaptured: issuance.oldCardCaptured(request.requestId),
    }));
    this.#dispatch({ type: 'requests.listed', requests });
  }

  async acceptOldCard({ params }: EffectOf<'acceptOldCard'>): Promise<void> {
    const { requestId, expectedUidHex, issuingOffice } = params;
    const surrender = (await this.#oldCardSlot?.accept(requestId, expectedUidHex)) ?? {
      kind: 'withCitizen' as const,
      why: 'trouble' as const,
    };
    switch (surrender.kind) {
      case 'held':
        this.#dispatch({ type: 'oldCard.held' });
        return;
      case 'withCitizen': {
        const told = problemOfSurrender(surrender.why, issuingOffice);
        this.#dispatch({ type: 'oldCard.failed', problem: told });
        return;
      }
      case 'notReturned':
        this.#dispatch({ type: 'oldCard.handedBack', fate: surrender.fate });
        return;
      default:
        assertNever(surrender);
    }
  }

  async returnOldCard(): Promise<void> {
    const slot = this.#oldCardSlot;
    assert(slot !== null, 'a slot holds the old card');
    this.#dispatch({ type: 'oldCard.handedBack', fate: await slot.giveBack() });
  }

  async startAttempt({ params }: EffectOf<'startAttempt'>): Promise<void> {
    const { issuance, record } = this.#deps;
    const { presented, request, claim, printCode, oldCardHeld } = params;
    const { sessionId } = this;
    const caseId = await this.#caseOf(request, {
      name: claim.claimantName,
      nik: presented.kind === 'code' ? null : presented.nik,
    });
    const { requestId, documentKind } = request;
    await record([{ kind: 'session.documentChosen', sessionId, requestId, documentKind, caseId }]);
    const attempt = issuance.start({
      sessionId,
      caseId,
      request,
      claimToken: claim.claimToken,
      printCode,
      oldCardHeld,
    });
    this.#attempt = attempt;
    attempt.onProgress((progress) => {
      switch (progress.kind) {
        case 'step':
          this.#dispatch({ type: 'attempt.stepped', step: progress.step });
          return;
        case 'presented':
          this.#dispatch({ type: 'attempt.presented' });
          return;
        case 'paperStopped':
          this.#dispatch({ type: 'attempt.paperStopped', problem: problemOfStop(progress.stop) });
          return;
        case 'paperGoesOn':
          this.#dispatch({ type: 'attempt.paperGoesOn' });
          return;
        case 'paperUnclear':
          this.#dispatch({ type: 'attempt.paperUnclear', problem: problem('paperUnclear') });
          return;
        case 'jammed':
          this.#dispatch({ type: 'attempt.jammed', problem: problem('cardJammed') });
          return;
        case 'fingerAsked': {
          const { finger, triesLeft, guidance = null } = progress;
          const again = triesLeft < HOLDER_TRIES;
          this.#dispatch({ type: 'attempt.fingerAsked', asked: { finger, guidance, again } });
          return;
        }
        case 'waiverAwaited':
          this.#dispatch({ type: 'attempt.waiverAwaited', problem: problem('holderWaits') });
          return;
        case 'takeReminder':
          this.#dispatch({ type: 'attempt.takeReminded' });
          return;
        default:
          assertNever(progress);
      }
    });
    this.#dispatch({ type: 'attempt.settled', attempt: settledAttempt(await attempt.settled) });
  }

  async #caseOf(request: ListedRequest, claimant: Claimant): Promise<string> {
    const known = this.#caseIds.get(request.requestId);
    if (known !== undefined) return known;
    const caseId = await this.#deps.openCase(this.sessionId, request, claimant);
    this.#caseIds.set(request.requestId, caseId);
    return caseId;
  }

  sayPaper({ params }: EffectOf<'sayPaper'>): void {
    this.#attempt?.sayPaper(params.taken);
  }

  async sendCorrection({ params }: EffectOf<'sendCorrection'>): Promise<void> {
    const { requestId } = params;
    await this.#deps.enqueue({ kind: 'correction', requestId }, this.sessionId);
  }

  async sendFeedback({ params }: EffectOf<'sendFeedback'>): Promise<void> {
    await this.#deps.enqueue({ kind: 'feedback', ...params }, this.sessionId);
  }

  /** Ends the claim and records the end; the machine has wiped its own memory by then or is about to. */
  async endSession({ params }: EffectOf<'endSession'>, screen: string): Promise<void> {
    const reason = params.reason === 'failed' ? 'refused' : params.reason;
    await this.#deps.record([{ kind: 'session.ended', sessionId: this.sessionId, reason, screen }]);
    if (params.claimToken !== null) await this.#endClaim(params.claimToken);
  }

  /** The registry lets an unended claim lapse by itself, so a lost answer here needs no repeat. */
  async #endClaim(claimToken: string): Promise<void> {
    await this.#deps.registry.claimants.endClaim(claimToken, { deadlineMs: END_CLAIM_DEADLINE_MS });
  }
}

function problemOfRead(reason: string): Parameters<typeof problem>[0] {
  switch (reason) {
    case 'noCard':
    case 'cardRemoved':
      return 'cardRemovedEarly';
    case 'notAnEKtp':
      return 'cardNotEKtp';
    case 'cardSilent':
    case 'cardGarbled':
    case 'biodataUnreadable':
    case 'secureMessagingFailed':
      return 'cardUnreadable';
    case 'authenticationFailed':
      return 'cardNotAuthenticated';
    default:
      return 'readerTrouble';
  }
}
