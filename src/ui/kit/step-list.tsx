import { IconCheck } from '@tabler/icons-react';
import './step-list.css';

export interface StepListProps {
  readonly label: string;
  readonly steps: readonly { readonly id: string; readonly words: string }[];
  readonly currentId: string;
  /** Read after the words of a step: done, under way, to come. */
  readonly states: { readonly done: string; readonly current: string; readonly ahead: string };
}

/** What the machine really does, in order: ticked, under way, to come. */
export function StepList({ label, steps, currentId, states }: StepListProps) {
  const current = steps.findIndex((step) => step.id === currentId);
  return (
    <ol className="anj-steps" aria-label={label}>
      {steps.map((step, index) => {
        const state = index < current ? 'done' : index === current ? 'current' : 'ahead';
        return (
          <li key={step.id} className={`anj-steps__step anj-steps__step--${state}`}>
            <span className="anj-steps__mark" aria-hidden>
              {state === 'done' && <IconCheck stroke={3} />}
            </span>
            <span className="anj-steps__words">{step.words}</span>
            <span className="anj-steps__state">{states[state]}</span>
          </li>
        );
      })}
    </ol>
  );
}
