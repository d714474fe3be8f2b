import { defaultFactorPairs, type FactorPair } from '../../domain/claim.ts';
import type { DocumentKind } from '../../domain/document.ts';

/** What an agency would decide and sign. The figures are samples, not anybody's rules. */
export interface RegistryPolicy {
  /** Pairs that open a claim at all, and which of them suffice for which document. */
  readonly factorPairs: Readonly<Record<DocumentKind, readonly FactorPair[]>>;
  /** Documents that ask for their print code besides, after these pairs. */
  readonly printCodeAfter: Readonly<Record<DocumentKind, readonly FactorPair[]>>;
  /** Whose finger a KTP-el waits for before it is presented: of everybody whose fingers were recorded, or nobody's. */
  readonly holderCheck: 'whereRecorded' | 'never';
  readonly leaseMs: number;
  readonly claimMs: number;
  readonly codesMs: number;
  readonly triesPerSession: number;
  readonly failuresBeforeWait: number;
  readonly firstWaitMs: number;
  readonly failuresPerDay: number;
  readonly spoiledLimit: number;
  /** Copies of one KK that may lie about when nobody knows whether a sheet came out. */
  readonly paperCopyLimit: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const samplePolicy: RegistryPolicy = {
  factorPairs: { ktpEl: defaultFactorPairs, kia: defaultFactorPairs, kk: defaultFactorPairs },
  // A typed number and a PIN are the weakest pair: an identity card asks for one thing more.
  printCodeAfter: { ktpEl: ['nik+pin'], kia: [], kk: [] },
  holderCheck: 'whereRecorded',
  leaseMs: 10 * MINUTE_MS,
  claimMs: 15 * MINUTE_MS,
  codesMs: 2 * 365 * DAY_MS,
  triesPerSession: 3,
  failuresBeforeWait: 5,
  firstWaitMs: 15_000,
  failuresPerDay: 10,
  spoiledLimit: 2,
  paperCopyLimit: 2,
};
