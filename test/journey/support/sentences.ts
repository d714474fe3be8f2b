import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { z } from 'zod';
import { root } from '../../../scripts/stack/program.ts';
import type {
  CitizenProblem,
  OutOfServiceReason,
  UnavailableReason,
} from '../../../src/rpc/citizen-view.ts';

const words = z.string().min(3);
const file = z.looseObject({
  problem: z.record(z.string(), z.looseObject({ what: words, fate: words, action: words })),
  unavailable: z.record(z.string(), words),
  outOfService: z.record(z.string(), z.unknown()),
});

const languages = ['id', 'en'].map((language) =>
  file.parse(JSON.parse(readFileSync(path.join(root, `assets/strings/${language}.json`), 'utf8'))),
);

/** In both languages: what happened, what became of document and code, what to do. */
export function expectSentence(code: CitizenProblem): void {
  for (const { problem } of languages) expect(Object.keys(problem)).toContain(code);
}

export function expectUnavailableSentence(reason: UnavailableReason): void {
  for (const { unavailable } of languages) expect(Object.keys(unavailable)).toContain(reason);
}

export function expectOutOfServiceSentence(reason: OutOfServiceReason): void {
  for (const { outOfService } of languages) expect(Object.keys(outOfService)).toContain(reason);
}
