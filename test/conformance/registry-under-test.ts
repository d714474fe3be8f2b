import { newId } from '../../src/base/ids.ts';
import type { OutcomeReport } from '../../src/domain/attempt.ts';
import type { Registry } from '../../src/registry/ports.ts';
import type { ReadyRequest } from '../registry/support/registry-bench.ts';

export interface RegistryUnderTest {
  /** The ports as terminal `terminalId` has them. */
  terminal(terminalId: string): Promise<Registry>;
  /** The ports of one terminal, behind something that can lose an answer after it was carried out. */
  losing(terminalId: string): Promise<LosingTerminal>;
  ready(documentKind: 'ktpEl' | 'kia' | 'kk'): Promise<ReadyRequest>;
  stateOf(requestId: string): Promise<string>;
  /** From now on it carries out what it is asked, and answers long after any patience; or no longer. */
  answersLate(late: boolean): Promise<void>;
}

export interface LosingTerminal {
  readonly registry: Registry;
  /** Sees to it that the connection is up, so that what is lost next is an answer. */
  warmUp(): Promise<void>;
  loseNextAnswer(): void;
  lostAnswers(): number;
}

export const soon = { deadlineMs: 10_000 };
export const keyed = () => ({ ...soon, idempotencyKey: newId('key') });
export const session = () => ({ sessionId: newId('ses') });

export const reportFor = (
  reservation: { requestId: string; attemptId: string; terminalId: string },
  change: Partial<OutcomeReport> = {},
): OutcomeReport => ({
  attemptId: reservation.attemptId,
  requestId: reservation.requestId,
  terminalId: reservation.terminalId,
  outcome: 'delivered',
  evidence: 'sensorSaw',
  faultCode: null,
  blankSerial: 'SPM-000001',
  blankBatch: 'SPM-01',
  capturedOldCard: false,
  settledAt: Date.UTC(2026, 0, 5, 9),
  ...change,
});

export const byCode = (request: ReadyRequest) => ({
  presented: { kind: 'code', code: request.code } as const,
  known: { kind: 'printCode', printCode: request.printCode } as const,
});

/** Opens a claim by code and reserves, as a terminal does. */
export async function reserveByCode(registry: Registry, request: ReadyRequest, attemptId: string) {
  const claim = await registry.claimants.verify(byCode(request), session(), keyed());
  if (!claim.ok) throw new Error(`no claim: ${claim.error.kind}`);
  const { claimToken } = claim.value;
  const { requestId } = request;
  const reserved = await registry.requests.reserve(
    { claimToken, requestId, attemptId, printCode: null },
    soon,
  );
  if (!reserved.ok) throw new Error(`not reserved: ${reserved.error.kind}`);
  return { claimToken, reservation: reserved.value };
}
