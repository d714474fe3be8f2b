import './facts.css';

export interface Fact {
  readonly term: string;
  readonly value: string;
  /** A number to be read off and quoted. */
  readonly isNumber?: boolean;
}

/** A few facts, each a term and its value on one line. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="anj-facts">
      {facts.map(({ term, value, isNumber = false }) => (
        <div key={term} className="anj-facts__one">
          <dt>{term}</dt>
          <dd className={isNumber ? 'anj-facts__number anj-figures' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
