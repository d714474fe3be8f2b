import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import './choice-row.css';

export interface ChoiceRowProps {
  readonly picture: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly icon: ReactNode;
  /** null: it cannot be chosen now; the row still says what it is and why not. */
  readonly onPress: (() => void) | null;
}

/** One of a few things to choose: picture, words, and the whole row is the target. */
export function ChoiceRow({ picture, title, children, icon, onPress }: ChoiceRowProps) {
  const content = (
    <>
      <span className="anj-row__picture">{picture}</span>
      <span className="anj-row__words">
        <span className="anj-row__title">{title}</span>
        {children}
      </span>
    </>
  );
  if (onPress === null) return <div className="anj-row anj-row--closed">{content}</div>;
  return (
    <AriaButton className="anj-row" onPress={onPress}>
      {content}
      <span className="anj-row__icon">{icon}</span>
    </AriaButton>
  );
}
