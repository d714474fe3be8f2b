import type { ReactNode } from 'react';
import './pictures.css';

/** The stage of every large picture: 640 × 440 with a soft ground to stand on. */
export function Scene({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="anj-picture" viewBox="0 0 640 440" aria-hidden>
      <ellipse cx="320" cy="396" rx="270" ry="28" className="ground" />
      {children}
    </svg>
  );
}
