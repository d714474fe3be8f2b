import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

/** A fault put in on purpose, and the test that is seen to catch it. */
export interface Mutant {
  readonly fault: string;
  /**
   * `core as a process`: the whole program. `issuance in process`: core's issuance, journal and outbox over a
   * simulated cabinet. `model`: the table, the judge or the commits that the breadth-first walker is handed.
   */
  readonly into: 'core as a process' | 'issuance in process' | 'model';
  readonly file: string;
  /** Full name of the test, as jest says it. */
  readonly test: string;
}

const model = 'test/issuance/attempt-model.test.ts';
const crashPoints = 'test/recovery/crash-points.test.ts';
const order = 'test/recovery/order.test.ts';

/** The table of README.md; a test holds the two against each other. */
export const mutants: readonly Mutant[] = [
  {
    fault: 'intent left out',
    into: 'model',
    file: model,
    test: 'a mutant that leaves an intent out is caught',
  },
  {
    fault: 'intent left out of a real journal',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees that an intent was left out of the record',
  },
  {
    fault: 'recovery that leaves the path of all cards closed',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a recovery that leaves the path of all cards closed',
  },
  {
    fault: 'recovery that calls everything uncertain',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a recovery that calls uncertain what every sensor can tell',
  },
  {
    fault: 'print job sent twice by a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a print job that is sent twice',
  },
  {
    fault: 'intent written after its command',
    into: 'core as a process',
    file: order,
    test: 'the proof of order catches a core that writes an intent after its command',
  },
  {
    fault: 'journal not flushed',
    into: 'core as a process',
    file: order,
    test: 'the proof of order catches a core that does not wait for the disk',
  },
  {
    fault: 'reprint after a restart',
    into: 'model',
    file: model,
    test: 'a mutant that prints again after a restart is caught',
  },
  {
    fault: 'reprint after a restart, by a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a recovery that prints on a card again',
  },
  {
    fault: 'table that reprints, given to a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'core itself refuses a table by which recovery prints on a card again',
  },
  {
    fault: 're-present after a restart',
    into: 'model',
    file: model,
    test: 'a mutant that presents again after a restart is caught',
  },
  {
    fault: 're-present after a restart, by a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a recovery that presents a card again',
  },
  {
    fault: 'table that re-presents, given to a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'core itself refuses a table by which recovery presents a card again',
  },
  {
    fault: 'timeout taken as "not printed"',
    into: 'model',
    file: model,
    test: 'a mutant that takes a timeout for "not printed" is caught',
  },
  {
    fault: 'timeout taken as "not printed", by a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a core that takes a timeout for "not printed"',
  },
  {
    fault: 'print job sent again',
    into: 'model',
    file: model,
    test: 'a mutant that sends a job again is caught',
  },
  {
    fault: 'job nobody heard of taken for one never sent',
    into: 'model',
    file: model,
    test: 'a mutant that takes a job nobody heard of for one never sent is caught',
  },
  {
    fault: 'confirmation before settlement',
    into: 'model',
    file: model,
    test: 'a mutant that confirms before it settles is caught',
  },
  {
    fault: 'confirmation before settlement, by a real issuance',
    into: 'issuance in process',
    file: crashPoints,
    test: 'the harness sees a core that confirms before it settles',
  },
  {
    fault: 'wrong blank kind accepted',
    into: 'issuance in process',
    file: 'test/issuance/strange-blank.test.ts',
    test: '"wrong blank kind accepted" issues one, so the rule is what stops it',
  },
  {
    fault: 'second blank of a double feed untold',
    into: 'issuance in process',
    file: 'test/issuance/double-feed.test.ts',
    test: 'a mutant that leaves the second blank untold takes each later one for the one before it',
  },
  {
    fault: 'order digest unchecked',
    into: 'issuance in process',
    file: 'test/issuance/registry-trouble.test.ts',
    test: 'mutant "order digest unchecked" prints altered fields, so the check is what stops them',
  },
  {
    fault: 'intent of a test card left out',
    into: 'issuance in process',
    file: 'test/recovery/test-card.test.ts',
    test: 'a mutant that leaves the intents of a test card out is caught',
  },
  {
    fault: 'senses of which a printer told nothing taken for none',
    into: 'model',
    file: model,
    test: 'a mutant that believes a printer which told nothing to sense nothing is caught',
  },
  {
    fault: 'card that is out by our own record printed again',
    into: 'issuance in process',
    file: 'test/issuance/registry-forgot.test.ts',
    test: 'gets a second original from a mutant that asks it alone, so our own record is what stops that',
  },
  {
    fault: 'card presented whatever the holder check comes to',
    into: 'issuance in process',
    file: 'test/issuance/holder-check.test.ts',
    test: 'a machine that presents whatever the check comes to is seen to: the card of somebody else lies at the exit',
  },
];

const report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** Runs the tests of the table. Completes with the mutants whose test passed; a missing test kills nothing. */
export async function killedMutants(): Promise<readonly Mutant[]> {
  const escape = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const files = [...new Set(mutants.map(({ file }) => file))];
  const pattern = mutants.map(({ test }) => escape(test)).join('|');
  const jest = ['node_modules/jest/bin/jest.js', '--json', '--silent', '-t', pattern, ...files];
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...node, ...jest], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [json] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const passed = report
    .parse(JSON.parse(json))
    .testResults.flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed')
    .map(({ fullName }) => fullName);
  return mutants.filter(({ test }) => passed.some((name) => name.endsWith(test)));
}
