import { expect } from 'expect';
import { lab } from './cases.ts';

type Step = () => unknown;

interface Suite {
  readonly cases: { readonly name: string; readonly prove: Step }[];
  readonly before: Step[];
  readonly after: Step[];
  readonly beforeEach: Step[];
  readonly afterEach: Step[];
}

/** The suite that is being written down. */
let written: Suite | null = null;

function now(): Suite {
  if (written === null) throw new Error('no suite is being written down');
  return written;
}

// The guest has no test runner: in its bundle these stand where the suites ask for jest's.
export { expect };
export const describe = (_name: string, define: () => void): void => define();
export const it = (name: string, prove: Step): void => void now().cases.push({ name, prove });
export const beforeAll = (step: Step): void => void now().before.push(step);
export const afterAll = (step: Step): void => void now().after.push(step);
export const beforeEach = (step: Step): void => void now().beforeEach.push(step);
export const afterEach = (step: Step): void => void now().afterEach.push(step);

/** Runs a conformance suite of `test/conformance/` on a device of the lab, each of its cases as one of the lab's. */
export async function proveSuite(device: string, define: () => void): Promise<void> {
  const suite: Suite = { cases: [], before: [], after: [], beforeEach: [], afterEach: [] };
  written = suite;
  define();
  written = null;
  if (suite.cases.length === 0) throw new Error(`the suite of ${device} has no case`);
  if (suite.before.length > 0) await lab(device, 'is ready for the suite', each(suite.before));
  for (const { name, prove } of suite.cases) {
    await lab(device, name, async () => {
      await each(suite.beforeEach)();
      try {
        await prove();
      } finally {
        await each(suite.afterEach)();
      }
    });
  }
  if (suite.after.length > 0) await lab(device, 'is left as it should be', each(suite.after));
}

const each = (steps: readonly Step[]) => async (): Promise<void> => {
  for (const step of steps) await step();
};
