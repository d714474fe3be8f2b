import type { Outcome } from '../../../domain/attempt.ts';
import type { DocumentKind } from '../../../domain/document.ts';
import { assertNever } from '../../../base/assert.ts';
import { DocumentShape } from './documents.tsx';
import { Scene } from './scene.tsx';

export interface DocumentSceneProps {
  readonly kind: DocumentKind;
  readonly outcome?: Outcome;
}

/** A document upright on the stage, with the sign of what became of it. */
export function DocumentScene({ kind, outcome }: DocumentSceneProps) {
  return (
    <Scene>
      <g transform="translate(102 74) scale(2.6)" strokeWidth="2.4">
        <DocumentShape kind={kind} />
      </g>
      {outcome !== undefined && (
        <g transform="translate(520 340)">
          <circle r="66" className={`seal seal--${outcome}`} />
          <OutcomeSign outcome={outcome} />
        </g>
      )}
    </Scene>
  );
}

function OutcomeSign({ outcome }: { readonly outcome: Outcome }) {
  switch (outcome) {
    case 'delivered':
      return <path d="M-26 2 L-8 21 L28 -20" className="sign" />;
    case 'notPrinted':
      return <path d="M-24 0 H24" className="sign" />;
    case 'spoiled':
      return <path d="M0 -30 V8 M0 29 V30" className="sign" />;
    case 'retracted':
      return <path d="M20 26 V6 Q20 -8 6 -8 H-26 M-10 -26 L-28 -8 L-10 10" className="sign" />;
    case 'uncertain':
      return (
        <path
          d="M-17 -14 Q-17 -31 0 -31 Q18 -31 18 -15 Q18 -4 6 1 Q0 4 0 12 M0 31 V32"
          className="sign"
        />
      );
    default:
      return assertNever(outcome);
  }
}
