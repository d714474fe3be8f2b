import type { ReactNode } from 'react';
import './footer-actions.css';

export interface FooterActionsProps {
  readonly label: string;
  readonly start: ReactNode;
  readonly middle: ReactNode;
  readonly end: ReactNode;
}

/** Three places that keep their position whether or not the others are filled. */
export function FooterActions({ label, start, middle, end }: FooterActionsProps) {
  return (
    <nav className="anj-footer" aria-label={label}>
      <div>{start}</div>
      <div>{middle}</div>
      <div>{end}</div>
    </nav>
  );
}
