import { describe, expect, it } from '@jest/globals';
import { requestStateSchema, type RequestState } from '../../../src/domain/request.ts';
import type { PrintAttempt } from '../../../src/registry/osia/cms-record.ts';
import {
  credentialWords,
  requestStateOf,
  requestWords,
  stageOf,
  stages,
  written,
  type Stage,
} from '../../../src/registry/osia/states.ts';

/** Written out once more, by hand: `request credential stage`. */
const understood: Readonly<Record<string, RequestState>> = {
  'PENDING none free': 'siapCetak',
  'PENDING none retracted': 'siapCetak',
  'PENDING none reserved': 'dipesan',
  'PENDING none printing': 'mencetak',
  'PENDING none onHold': 'perluPeriksa',
  'PENDING NEW free': 'tercetak',
  'ISSUED NEW free': 'tercetak',
  'ISSUED ACTIVE free': 'diserahkan',
  'FAILED none free': 'gagalCetak',
  'FAILED none retracted': 'takDiambil',
  'CANCELLED none free': 'dibatalkan',
  'CANCELLED none retracted': 'dibatalkan',
};

const strangers = ['', 'pending', 'READY', 'PRINTED', '__proto__', 'toString'];
const requests = [...requestWords, ...strangers];
const credentials = [...credentialWords, ...strangers];
const credentialsOf = (word: string): string[] => (word === 'none' ? [] : [word]);

type Reader = typeof requestStateOf;

/** Combinations for which `read` says something that nobody wrote down. */
const guesses = (read: Reader): string[] =>
  requests.flatMap((request) =>
    credentials.flatMap((credential) =>
      stages.flatMap((stage) => {
        const key = `${request} ${credential} ${stage}`;
        const expected = understood[key] ?? 'perluPeriksa';
        return read(request, credentialsOf(credential), stage) === expected ? [] : [key];
      }),
    ),
  );

describe('the state of a credential request', () => {
  it('is what the table says, and parked for people in all other combinations', () => {
    expect(requests.length * credentials.length * stages.length).toBe(600);
    expect(guesses(requestStateOf)).toEqual([]);
  });

  it('is noticed where an unknown word is guessed instead of parked', () => {
    const guessing: Reader = (request, held, stage) =>
      requestWords.some((word) => word === request)
        ? requestStateOf(request, held, stage)
        : requestStateOf('PENDING', held, stage);
    expect(guesses(guessing)).toContain('READY none free');
    const trusting: Reader = (request, held, stage) =>
      requestStateOf(
        request,
        held.filter((word) => credentialWords.some((known) => known === word)),
        stage,
      );
    expect(guesses(trusting)).toContain('FAILED PRINTED free');
  });

  it('is parked where no status came, or the credentials disagree', () => {
    expect(requestStateOf(undefined, [], 'free')).toBe('perluPeriksa');
    expect(requestStateOf('ISSUED', ['ACTIVE', 'NEW'], 'free')).toBe('perluPeriksa');
    expect(requestStateOf('ISSUED', ['ACTIVE', 'ACTIVE'], 'free')).toBe('diserahkan');
  });

  it('is read as what was written, for each state that a terminal brings about', () => {
    const stageAfter: Readonly<Record<keyof typeof written, Stage>> = {
      siapCetak: 'free',
      dipesan: 'reserved',
      mencetak: 'printing',
      perluPeriksa: 'onHold',
      diserahkan: 'free',
      takDiambil: 'retracted',
      gagalCetak: 'free',
    };
    for (const [state, words] of Object.entries(written)) {
      const { request, credential } = words;
      const stage = stageAfter[state as keyof typeof written];
      expect(requestStateOf(request, credential === null ? [] : [credential], stage)).toBe(state);
    }
    const others = requestStateSchema.options.filter((state) => !(state in written));
    expect(others).toEqual([
      'diajukan',
      'diverifikasi',
      'ditolak',
      'diproses',
      'tercetak',
      'kedaluwarsa',
      'dibatalkan',
    ]);
  });
});

describe('how far the attempts are', () => {
  const attempt = (change: Partial<PrintAttempt>): PrintAttempt => ({
    attemptId: 'att_1',
    terminalId: 'T-1',
    state: 'ended',
    printing: false,
    leaseExpiresAt: '2026-01-05T09:00:00Z',
    outcome: null,
    correction: null,
    ...change,
  });
  const told = { digest: '0'.repeat(64), requestState: 'takDiambil' } as const;

  it.each<[string, PrintAttempt[], Stage]>([
    ['no attempt', [], 'free'],
    ['one that ended', [attempt({})], 'free'],
    ['one held', [attempt({}), attempt({ state: 'held' })], 'reserved'],
    ['one whose material was fetched', [attempt({ state: 'held', printing: true })], 'printing'],
    ['one on hold, whatever came after', [attempt({ state: 'onHold' }), attempt({})], 'onHold'],
    ['one retracted', [attempt({ outcome: { ...told, word: 'retracted' } })], 'retracted'],
    [
      'one retracted that people corrected',
      [
        attempt({
          outcome: { ...told, word: 'retracted' },
          correction: { ...told, word: 'delivered', decisionId: 'prop_1' },
        }),
      ],
      'free',
    ],
  ])('is told by %s', (_, attempts, stage) => {
    expect(stageOf(attempts)).toBe(stage);
  });
});
