import type { ReactNode } from 'react';
import './table.css';

export interface GridFact {
  readonly term: string;
  readonly value: ReactNode;
}

/** Facts side by side, each under its term. */
export function FactGrid({ facts }: { readonly facts: readonly GridFact[] }) {
  return (
    <dl className="con-facts">
      {facts.map(({ term, value }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="anj-figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
