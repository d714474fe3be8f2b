import type { JournalEvent, JournalEventOf } from '../journal/catalogue.ts';
import type { AttemptDetail } from './attempt-detail.ts';
import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { Cause } from './attempt-rule.ts';
import type { Sight } from './judge/sight.ts';

type StateEntered = JournalEventOf<'attempt.stateEntered'>;

/** What the record says of a state besides its name. */
export type StateFacts = Pick<
  StateEntered,
  'answer' | 'evidence' | 'faultCode' | 'side' | 'holderCheck' | 'sensors' | 'digest' | 'sheets'
>;

/** What an act or a question found out, and what of it is to be kept. */
export interface Finding {
  readonly cause: Cause;
  readonly detail?: Partial<AttemptDetail>;
  readonly facts?: StateFacts;
  /** Committed before the state, in the same transaction. */
  readonly events?: readonly JournalEvent[];
}

export type Sensors = NonNullable<StateFacts['sensors']>;

/** Empty where the device was asked and told nothing: what it told before is then no longer known. */
export const sensorsOf = (sight: Sight | null): { readonly sensors: Sensors } => ({
  sensors:
    sight === null
      ? {}
      : {
          media: sight.media,
          presented: sight.presented,
          rejectBin: sight.rejectBin,
          counters: sight.counters,
        },
});

/** The first trouble of an attempt is the one that is told; what follows from it is not. */
export const trouble = (
  detail: AttemptDetail,
  problem: AttemptProblem,
  faultCode: string,
): Pick<AttemptDetail, 'problem' | 'faultCode'> => ({
  problem: detail.problem ?? problem,
  faultCode: detail.faultCode ?? faultCode,
});
