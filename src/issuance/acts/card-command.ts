import type { CommandName } from '../../../drivers/contract/device-classes.ts';
import type { CommandResult, Params } from '../../../drivers/contract/driver.ts';
import type { Handed } from '../../../drivers/contract/held.ts';
import type { AttemptRun } from '../attempt-run.ts';
import type { MovingCommand } from '../attempt-rule.ts';
import type { StateFacts } from '../finding.ts';
import { askSenses, look } from '../card-printer-view.ts';
import type { Scene } from '../judge/judge-card.ts';
import { answerTo, commandEndOf } from './answered.ts';

export interface Moved<N extends CommandName<'cardPrinter'>> {
  readonly answer: CommandResult<'cardPrinter', N>;
  readonly scene: Scene;
  /** How it ended, for the state that follows. */
  readonly said: Pick<StateFacts, 'answer'>;
}

/**
 * Gives the announced command once, and then looks: what the command says of itself and what the
 * sensors say are judged together. It never gives it again.
 */
export async function moveCard<N extends CommandName<'cardPrinter'> & MovingCommand>(
  run: AttemptRun,
  command: N,
  params: Handed<Params<'cardPrinter', N>>,
  refusals: readonly string[],
): Promise<Moved<N>> {
  const printer = run.cardPrinter;
  const startedMs = run.deps.clock.monotonicMs();
  const before = run.detail.countersBefore;
  const answer = await printer.execute(command, params, { sessionId: run.sessionId });
  run.sight = await look(printer, run.sessionId);
  run.senses ??= await askSenses(printer, run.sessionId);
  return {
    answer,
    scene: { end: commandEndOf(answer, refusals), before, sight: run.sight, senses: run.senses },
    said: answerTo(run, { command, startedMs }, answer),
  };
}

/** Counters at this moment, for the next announcement. */
export const countersNow = (run: AttemptRun): Pick<AttemptRun['detail'], 'countersBefore'> => ({
  countersBefore: run.sight?.counters ?? null,
});
