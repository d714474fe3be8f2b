import type { ProblemView } from '../../rpc/citizen-view.ts';
import type { Say, TextValues } from '../text/say.ts';

const MINUTES_FROM_SECONDS = 90;

/** The three sentences of a problem. A `cause` picks what happened, another parameter the sentence that uses it. */
export function problemText(
  say: Say,
  problem: ProblemView,
): { readonly what: string; readonly fate: string; readonly action: string } {
  const { cause, ...values } = readable(problem.params);
  const [context] = Object.keys(values);
  return {
    what: say(`problem.${problem.code}.what`, cause === undefined ? {} : { context: cause }),
    fate: say(`problem.${problem.code}.fate`),
    action: say(
      `problem.${problem.code}.action`,
      context === undefined ? values : { ...values, context },
    ),
  };
}

/** Nobody counts to 900: a long wait is told in minutes. */
function readable({ waitSeconds, ...others }: ProblemView['params']): TextValues {
  if (waitSeconds === undefined) return others;
  if (Number(waitSeconds) < MINUTES_FROM_SECONDS) return { waitSeconds, ...others };
  return { waitMinutes: Math.ceil(Number(waitSeconds) / 60), ...others };
}
