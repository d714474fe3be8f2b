import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import type { Citizen } from './citizen.ts';
import { JOURNEY_MS, Terminal } from './terminal.ts';

/** The installation of the test file that runs, and who stands at it in the test that runs. */
export let terminal: Terminal;
export let citizen: Citizen;

/**
 * One stack for the file, somebody new at it for each test, and everything tidied after each. Hooks run in
 * the order in which they stand: an `afterEach` above this call finds the terminal as the test left it, one
 * below it finds nobody there.
 */
export function atTerminal(options: { readonly stepMs?: number } = {}): void {
  jest.setTimeout(JOURNEY_MS);
  beforeAll(async () => {
    terminal = await Terminal.start(options);
  });
  beforeEach(async () => {
    citizen = await terminal.citizen();
  });
  afterEach(() => terminal.tidy());
  afterAll(() => terminal.stop());
}
