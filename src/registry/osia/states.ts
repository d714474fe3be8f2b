import type { RequestState } from '../../domain/request.ts';
import type { PrintAttempt } from './cms-record.ts';

/** How far the print attempts of a request are, as its own record of them says. */
export const stages = ['free', 'reserved', 'printing', 'onHold', 'retracted'] as const;
export type Stage = (typeof stages)[number];

export const requestWords = ['PENDING', 'ISSUED', 'CANCELLED', 'FAILED'] as const;
/** `none`: no credential was made yet. */
export const credentialWords = ['none', 'NEW', 'ACTIVE', 'SUSPENDED', 'REVOKED', 'OTHER'] as const;

interface Meaning {
  readonly request: (typeof requestWords)[number];
  readonly credential: (typeof credentialWords)[number];
  readonly stages: readonly Stage[];
  readonly means: RequestState;
}

/**
 * All that is understood of OSIA's words. Whatever is not in here is parked: `perluPeriksa`, which no
 * terminal prints and people look at.
 */
export const meanings: readonly Meaning[] = [
  // Retracted and pending again: an officer emptied the bin and let it be printed anew.
  { request: 'PENDING', credential: 'none', stages: ['free', 'retracted'], means: 'siapCetak' },
  { request: 'PENDING', credential: 'none', stages: ['reserved'], means: 'dipesan' },
  { request: 'PENDING', credential: 'none', stages: ['printing'], means: 'mencetak' },
  { request: 'PENDING', credential: 'none', stages: ['onHold'], means: 'perluPeriksa' },
  { request: 'PENDING', credential: 'NEW', stages: ['free'], means: 'tercetak' },
  { request: 'ISSUED', credential: 'NEW', stages: ['free'], means: 'tercetak' },
  { request: 'ISSUED', credential: 'ACTIVE', stages: ['free'], means: 'diserahkan' },
  { request: 'FAILED', credential: 'none', stages: ['free'], means: 'gagalCetak' },
  { request: 'FAILED', credential: 'none', stages: ['retracted'], means: 'takDiambil' },
  {
    request: 'CANCELLED',
    credential: 'none',
    stages: ['free', 'retracted'],
    means: 'dibatalkan',
  },
];

/** What a terminal brings about, in OSIA's words; it brings about nothing else. */
export const written = {
  siapCetak: { request: 'PENDING', credential: null },
  dipesan: { request: 'PENDING', credential: null },
  mencetak: { request: 'PENDING', credential: null },
  perluPeriksa: { request: 'PENDING', credential: null },
  diserahkan: { request: 'ISSUED', credential: 'ACTIVE' },
  takDiambil: { request: 'FAILED', credential: null },
  gagalCetak: { request: 'FAILED', credential: null },
} as const satisfies Partial<
  Record<
    RequestState,
    { readonly request: Meaning['request']; readonly credential: 'ACTIVE' | null }
  >
>;
export type WrittenState = keyof typeof written;

/** The state of a request. Several credentials of one request must be of one status to mean anything. */
export function requestStateOf(
  request: string | undefined,
  credentials: readonly string[],
  stage: Stage,
): RequestState {
  const [first = 'none'] = credentials;
  const known = meanings.find(
    (one) =>
      one.request === request &&
      one.credential === first &&
      credentials.every((other) => other === first) &&
      one.stages.includes(stage),
  );
  return known?.means ?? 'perluPeriksa';
}

export function stageOf(attempts: readonly PrintAttempt[]): Stage {
  if (attempts.some(({ state }) => state === 'onHold')) return 'onHold';
  const held = attempts.find(({ state }) => state === 'held');
  if (held !== undefined) return held.printing ? 'printing' : 'reserved';
  const last = attempts.at(-1);
  return (last?.correction ?? last?.outcome)?.word === 'retracted' ? 'retracted' : 'free';
}
