import type { SessionView } from '../../src/rpc/citizen-view.ts';
import { sampleViews } from '../ui/sample-views.ts';

/** A view of the pages' own samples, by its picture's name. */
export function viewNamed(name: string, change: Partial<SessionView> = {}): SessionView {
  const found = sampleViews.find((sample) => sample.name === name);
  if (found === undefined)
    throw new Error(
      `no sample ${name}; there are ${sampleViews.map((one) => one.name).join(', ')}`,
    );
  return { ...found.view, ...change };
}
