import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import * as z from 'zod';
import { root } from '../../../scripts/stack/program.ts';
import {
  languageSchema,
  type CitizenProblem,
  type OutOfServiceReason,
  type UnavailableReason,
} from '../../../src/rpc/citizen-view.ts';
import type { PaperStop } from '../../../src/domain/paper-stop.ts';
import { fateOfCode, fatesTold } from '../../ui/fate-of-code.ts';

const words = z.string().min(3);
const file = z.looseObject({
  problem: z.record(z.string(), z.looseObject({ what: words, fate: words, action: words })),
  unavailable: z.record(z.string(), words),
  outOfService: z.record(z.string(), z.unknown()),
});

const languages = languageSchema.options.map((language) => ({
  ...file.parse(
    JSON.parse(readFileSync(path.join(root, `assets/strings/${language}.json`), 'utf8')),
  ),
  language,
}));

/** In both languages: what happened, what became of document and code, what to do; of the code what is pinned. */
export function expectSentence(code: CitizenProblem): void {
  for (const { language, problem } of languages) {
    const told = { language, code, fates: fatesTold(language, problem[code]?.fate ?? '') };
    expect(told).toEqual({ language, code, fates: [fateOfCode[code]] });
  }
}

/** In both languages, why the page printer stands still, and how long it is waited for. */
export function expectStopSentence(cause: Exclude<PaperStop, 'fault'>): void {
  expectSentence('paperStopped');
  for (const { problem } of languages) {
    expect(Object.keys(problem['paperStopped'] ?? {})).toContain(`what_${cause}`);
    expect(problem['paperStopped']?.action).toContain('{{waitMinutes}}');
  }
}

/** The citizen is not told, in either language, that the code they came with counts. */
export function expectUnavailableSentence(reason: UnavailableReason): void {
  for (const { unavailable } of languages) expect(Object.keys(unavailable)).toContain(reason);
}

export function expectOutOfServiceSentence(reason: OutOfServiceReason): void {
  for (const { outOfService } of languages) expect(Object.keys(outOfService)).toContain(reason);
}
