import { IconArrowRight } from '@tabler/icons-react';
import { useCallback, useState, type ReactNode } from 'react';
import { assertNever } from '../../base/assert.ts';
import { Alert } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';
import { DigitSlots } from '../kit/digit-slots.tsx';
import { Keypad, type KeypadKey } from '../kit/keypad.tsx';
import { CitizenScreen } from './citizen-screen.tsx';
import { useSession } from './session.ts';

export interface NumberEntryProps {
  readonly title: string;
  readonly intro: string;
  /** Where the number is found. */
  readonly picture: ReactNode;
  readonly groups: readonly number[];
  readonly isMasked?: boolean;
  readonly onSubmit: (digits: string) => void;
}

/** A number typed on our own keys. It is sent when it is whole and the citizen says so, never before. */
export function NumberEntry({
  title,
  intro,
  picture,
  groups,
  isMasked = false,
  onSubmit,
}: NumberEntryProps) {
  const { say } = useSession();
  const total = groups.reduce((sum, each) => sum + each, 0);
  const [digits, setDigits] = useState('');
  const [wasShort, setWasShort] = useState(false);

  const onKey = useCallback(
    (key: KeypadKey) => {
      setWasShort(false);
      setDigits((typed) => afterKey(typed, key, total));
    },
    [total],
  );
  const submit = useCallback(() => {
    if (digits.length < total) setWasShort(true);
    else onSubmit(digits);
  }, [digits, total, onSubmit]);

  const filled = { filled: digits.length, total };
  return (
    <CitizenScreen
      title={title}
      intro={intro}
      picture={picture}
      aside={
        wasShort && (
          <Alert status="caution" title={say('keypad.tooShort')} isUrgent>
            <p>{say('keypad.tooShortMore', filled)}</p>
          </Alert>
        )
      }
    >
      <DigitSlots
        label={say('keypad.filled', filled)}
        digits={digits}
        groups={groups}
        isMasked={isMasked}
      />
      <Keypad
        label={say('keypad.label')}
        eraseLabel={say('keypad.erase')}
        clearLabel={say('keypad.clear')}
        onKey={onKey}
        onEnter={submit}
      />
      <Button
        hierarchy="primary"
        icon={<IconArrowRight aria-hidden />}
        iconSide="end"
        onPress={submit}
      >
        {say('keypad.submit')}
      </Button>
    </CitizenScreen>
  );
}

function afterKey(typed: string, key: KeypadKey, total: number): string {
  switch (key.kind) {
    case 'digit':
      return `${typed}${key.digit}`.slice(0, total);
    case 'erase':
      return typed.slice(0, -1);
    case 'clear':
      return '';
    default:
      return assertNever(key);
  }
}
