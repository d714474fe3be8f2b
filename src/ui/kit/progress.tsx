import { IconCheck } from '@tabler/icons-react';
import './progress.css';

export interface ProgressProps {
  readonly label: string;
  readonly stages: readonly string[];
  /** Index of the stage under way; equal to the number of stages when all are done. */
  readonly current: number;
  readonly doneLabel: string;
}

/** The few stages of the whole visit, and where in them the citizen stands. */
export function Progress({ label, stages, current, doneLabel }: ProgressProps) {
  return (
    <ol className="anj-progress" aria-label={label}>
      {stages.map((stage, index) => {
        const state = index < current ? 'done' : index === current ? 'current' : 'ahead';
        return (
          <li
            key={stage}
            className={`anj-progress__stage anj-progress__stage--${state}`}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <span className="anj-progress__mark" aria-hidden>
              {state === 'done' ? <IconCheck stroke={3} /> : index + 1}
            </span>
            <span>{stage}</span>
            {state === 'done' && <span className="anj-unseen">{doneLabel}</span>}
          </li>
        );
      })}
    </ol>
  );
}
