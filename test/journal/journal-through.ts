import type { Append, AppendReceipt, Journal } from '../../src/journal/journal.ts';

export interface Commit {
  readonly entry: Append;
  readonly receipt: AppendReceipt;
}

/**
 * The journal, with each append inside `around`, whichever call asks for it. A commit gives null where a plan
 * refused, so that nothing was written; where `around` never completes, nobody hears of the commit.
 */
export const journalThrough = (
  journal: Journal,
  around: (commit: () => Promise<Commit | null>) => Promise<unknown>,
): Journal => {
  const append: Journal['append'] = (entry) =>
    within(around, async () => {
      const receipt = await journal.append(entry);
      return { answer: receipt, commit: { entry, receipt } };
    });
  const appendPlanned: Journal['appendPlanned'] = (plan) =>
    within(around, async () => {
      const planned: Append[] = [];
      const answer = await journal.appendPlanned(() => {
        const entry = plan();
        if (entry.ok) planned.push(entry.value);
        return entry;
      });
      const [entry] = planned;
      const written = answer.ok && entry !== undefined;
      return { answer, commit: written ? { entry, receipt: answer.value } : null };
    });
  const calls = new Map<string | symbol, unknown>(Object.entries({ append, appendPlanned }));
  return new Proxy(journal, {
    get(target, key) {
      if (calls.has(key)) return calls.get(key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
};

async function within<T>(
  around: (commit: () => Promise<Commit | null>) => Promise<unknown>,
  write: () => Promise<{ readonly answer: T; readonly commit: Commit | null }>,
): Promise<T> {
  const answers: T[] = [];
  await around(async () => {
    const { answer, commit } = await write();
    answers.push(answer);
    return commit;
  });
  const [answer] = answers;
  if (answer === undefined) throw new Error('nothing was asked of the journal');
  return answer;
}
