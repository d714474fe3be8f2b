import type { DocumentKind } from '../../../domain/document.ts';
import { assertNever } from '../../../base/assert.ts';
import './pictures.css';

/** A document at a glance: recognisable by shape, like no real one in its ornament. */
export function DocumentPicture({ kind }: { readonly kind: DocumentKind }) {
  return (
    <svg className="anj-picture" viewBox="0 0 168 112" aria-hidden>
      <g strokeWidth="2.8">
        <DocumentShape kind={kind} />
      </g>
    </svg>
  );
}

/** The drawing alone, 168 × 112, to be placed in a picture. */
export function DocumentShape({ kind }: { readonly kind: DocumentKind }) {
  switch (kind) {
    case 'ktpEl':
      return <CardShape />;
    case 'kia':
      return <ChildCardShape />;
    case 'kk':
      return <FamilySheetShape />;
    default:
      return assertNever(kind);
  }
}

/** An identity card of 160 × 101: lines at the left, the holder at the right. */
export function CardShape() {
  return (
    <g>
      <rect x="4" y="6" width="160" height="101" rx="9" className="paper" />
      <path d="M18 24 H82" className="line" strokeWidth="6" />
      <path d="M18 42 H96 M18 56 H88 M18 70 H94 M18 84 H72" className="line-quiet" />
      <rect x="112" y="32" width="40" height="54" rx="4" className="ground" />
      <circle cx="132" cy="51" r="9" className="fill" />
      <path d="M114 84 Q114 65 132 65 Q150 65 150 84 Z" className="fill" />
    </g>
  );
}

function ChildCardShape() {
  return (
    <g>
      <rect x="4" y="6" width="160" height="101" rx="9" className="tint-warm" />
      <rect x="16" y="32" width="44" height="58" rx="6" className="mouth" />
      <circle cx="38" cy="54" r="12" className="fill-warm" />
      <path d="M21 90 Q21 70 38 70 Q55 70 55 90 Z" className="fill-warm" />
      <path d="M18 20 H84" className="line-warm" strokeWidth="6" />
      <path
        d="M74 42 H148 M74 57 H136 M74 72 H144 M74 87 H116"
        className="line-warm"
        opacity="0.5"
      />
    </g>
  );
}

function FamilySheetShape() {
  return (
    <g>
      <rect x="6" y="3" width="156" height="106" rx="3" className="paper" />
      <path d="M52 15 H116" className="line" strokeWidth="6" />
      <path d="M18 29 H64 M104 29 H150" className="line-quiet" />
      <rect x="18" y="38" width="132" height="44" className="line" strokeWidth="3" />
      <path d="M18 49 H150" className="line" strokeWidth="3" />
      <path d="M18 60 H150 M18 71 H150" className="line-quiet" strokeWidth="3" />
      <path d="M36 38 V82 M76 38 V82 M114 38 V82" className="line-quiet" strokeWidth="3" />
      <path d="M20 96 H58" className="line-quiet" />
      <rect x="134" y="88" width="14" height="14" className="fill" />
    </g>
  );
}
