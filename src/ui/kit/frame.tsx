import type { ReactNode } from 'react';
import './frame.css';

export interface FrameProps {
  /** What every screen of a specimen terminal says; null in live mode. */
  readonly specimen: { readonly word: string; readonly meaning: string } | null;
  readonly name: string;
  readonly tagline: string;
  readonly languageSwitch: ReactNode;
  readonly progress: ReactNode;
  readonly children: ReactNode;
}

/** What stays the same around every screen: who serves, in which language, how far along. */
export function Frame({ specimen, name, tagline, languageSwitch, progress, children }: FrameProps) {
  return (
    <div className="anj-frame">
      <header>
        <div className="anj-header">
          <div className="anj-header__name">
            <Mark />
            <div>
              <p className="anj-header__title">{name}</p>
              <p className="anj-header__tagline">{tagline}</p>
            </div>
          </div>
          {progress}
          {languageSwitch}
        </div>
        {specimen !== null && (
          <p className="anj-specimen">
            <strong>{specimen.word}</strong> <span>{specimen.meaning}</span>
          </p>
        )}
      </header>
      {children}
    </div>
  );
}

export interface ScreenBodyProps {
  readonly lead: ReactNode;
  /** `question`: the hands' part is as tall as its controls. `scene`: it shows a picture and fills up. */
  readonly kind: 'question' | 'scene';
  readonly children: ReactNode;
  /** The actions that are always at the same place. */
  readonly footer: ReactNode;
}

/** Two places: what to know above (or left), what to touch below (or right), where hands reach. */
export function ScreenBody({ lead, kind, children, footer }: ScreenBodyProps) {
  return (
    <main className={`anj-body anj-body--${kind}`}>
      <section className="anj-lead">{lead}</section>
      <div className="anj-desk">
        <section className="anj-work">{children}</section>
        {footer}
      </div>
    </main>
  );
}

/** A roof on two posts: an anjungan is a pavilion that stands open to the front. */
function Mark() {
  return (
    <svg className="anj-mark" viewBox="0 0 64 64" aria-hidden>
      <path d="M4 30 L20 22 L26 10 H38 L44 22 L60 30" />
      <path d="M14 30 V54 M50 30 V54 M6 54 H58" />
      <path d="M25 54 V40 H39 V54" className="anj-mark__door" />
    </svg>
  );
}
