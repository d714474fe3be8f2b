import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import './button.css';

export interface ButtonProps {
  readonly children: ReactNode;
  readonly onPress: () => void;
  /** `primary` at most once a screen. */
  readonly hierarchy?: 'primary' | 'secondary' | 'tertiary';
  /** `main`: 96 px, the screen's own action. `support`: 80 px, the same everywhere. */
  readonly size?: 'main' | 'support';
  readonly icon?: ReactNode;
  /** Which side of the words the icon stands on. */
  readonly iconSide?: 'start' | 'end';
  readonly isDisabled?: boolean;
}

/** A button that answers to touch, to a keyboard and to a screen reader alike. */
export function Button({
  children,
  onPress,
  hierarchy = 'secondary',
  size = 'main',
  icon,
  iconSide = 'start',
  isDisabled = false,
}: ButtonProps) {
  return (
    <AriaButton
      className={`anj-button anj-button--${hierarchy} anj-button--${size}`}
      onPress={onPress}
      isDisabled={isDisabled}
    >
      {iconSide === 'start' && icon}
      <span className="anj-button__words">{children}</span>
      {iconSide === 'end' && icon}
    </AriaButton>
  );
}
