import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import './scale-button.css';

export interface ScaleButtonProps {
  readonly picture: ReactNode;
  readonly children: string;
  readonly onPress: () => void;
}

/** One answer on a scale: a face, and the words that go with it. */
export function ScaleButton({ picture, children, onPress }: ScaleButtonProps) {
  return (
    <AriaButton className="anj-scale" onPress={onPress}>
      {picture}
      <span>{children}</span>
    </AriaButton>
  );
}
