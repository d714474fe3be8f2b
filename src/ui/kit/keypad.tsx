import { IconBackspace } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import './keypad.css';

export type KeypadKey =
  { readonly kind: 'digit'; readonly digit: string } | { readonly kind: 'erase' | 'clear' };

export interface KeypadProps {
  readonly label: string;
  readonly eraseLabel: string;
  readonly clearLabel: string;
  readonly onKey: (key: KeypadKey) => void;
  /** Enter on a keyboard, where no button has the focus. */
  readonly onEnter: () => void;
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Our own number pad: ten digits, erase one, erase all. A plain keyboard does the same. */
export function Keypad({ label, eraseLabel, clearLabel, onKey, onEnter }: KeypadProps) {
  useKeyboard(onKey, onEnter);
  const digitKey = (digit: string): ReactNode => (
    <AriaButton
      key={digit}
      className="anj-key anj-figures"
      onPress={() => onKey({ kind: 'digit', digit })}
    >
      {digit}
    </AriaButton>
  );
  return (
    <div className="anj-keypad" role="group" aria-label={label}>
      {DIGITS.map(digitKey)}
      <AriaButton className="anj-key anj-key--words" onPress={() => onKey({ kind: 'clear' })}>
        {clearLabel}
      </AriaButton>
      {digitKey('0')}
      <AriaButton
        className="anj-key"
        aria-label={eraseLabel}
        onPress={() => onKey({ kind: 'erase' })}
      >
        <IconBackspace aria-hidden />
      </AriaButton>
    </div>
  );
}

function useKeyboard(onKey: (key: KeypadKey) => void, onEnter: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^[0-9]$/.test(event.key)) onKey({ kind: 'digit', digit: event.key });
      else if (event.key === 'Backspace') onKey({ kind: 'erase' });
      else if (event.key === 'Delete') onKey({ kind: 'clear' });
      else if (event.key === 'Enter' && !isOnButton(event.target)) onEnter();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onKey, onEnter]);
}

const isOnButton = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('button') !== null;
