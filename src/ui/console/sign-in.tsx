import { useRef, useState } from 'react';
import { Alert } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';
import { LiveRegion } from '../kit/live-region.tsx';
import type { ConsoleTrouble } from './console-client.ts';
import { useConsole } from './console-context.ts';
import { Field } from './field.tsx';
import { TroubleAlert } from './states.tsx';
import { countdown } from './times.ts';
import { useWait } from './use-wait.ts';
import './door.css';

export interface SignInProps {
  /** The last session ended by itself. */
  readonly hasEnded: boolean;
  readonly onDone: () => void;
}

/** Name and password. A wait that core asks for is counted down, and the button waits with it. */
export function SignIn({ hasEnded, onDone }: SignInProps) {
  const { client, say, language, channel } = useConsole();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isWorking, setIsWorking] = useState(false);
  const [trouble, setTrouble] = useState<ConsoleTrouble | 'fill' | null>(null);
  const [secondsLeft, beginWait] = useWait();
  const passwordInput = useRef<HTMLInputElement>(null);

  const submit = async (): Promise<void> => {
    if (isWorking || secondsLeft > 0) return;
    if (name === '' || password === '') {
      setTrouble('fill');
      return;
    }
    setIsWorking(true);
    setTrouble(null);
    const answer = await client.signIn({ name, password, channel });
    setIsWorking(false);
    if (answer.ok) {
      onDone();
      return;
    }
    setPassword('');
    setTrouble(answer.error);
    beginWait(answer.error.waitMs);
    passwordInput.current?.focus();
  };
  const enter = (): void => void submit();
  const canTryAgain =
    typeof trouble === 'object' && trouble !== null && trouble.waitMs > 0 && secondsLeft === 0;

  return (
    <section className="con-door">
      <header>
        <h1>{say('signIn.title')}</h1>
        <p className="con-quiet">{say('signIn.intro')}</p>
      </header>
      {hasEnded && trouble === null && (
        <Alert status="info" title={say('signIn.ended')}>
          <p>{say('signIn.endedBody')}</p>
        </Alert>
      )}
      {trouble === 'fill' && <Alert status="caution" title={say('signIn.fill')} isUrgent />}
      {trouble !== null && trouble !== 'fill' && (
        <TroubleAlert trouble={trouble} isWaiting={secondsLeft > 0} />
      )}
      <LiveRegion words={canTryAgain ? say('signIn.canTry') : ''} />
      <Field
        label={say('signIn.name')}
        value={name}
        onChange={setName}
        onEnter={enter}
        autoComplete="username"
        maxLength={60}
        hasFocus
      />
      <Field
        label={say('signIn.password')}
        kind="password"
        value={password}
        onChange={setPassword}
        onEnter={enter}
        autoComplete="current-password"
        maxLength={200}
        inputRef={passwordInput}
      />
      <Button hierarchy="primary" onPress={enter} isDisabled={isWorking || secondsLeft > 0}>
        {isWorking
          ? say('signIn.working')
          : secondsLeft > 0
            ? say('signIn.wait', { time: countdown(language, secondsLeft) })
            : say('signIn.submit')}
      </Button>
    </section>
  );
}
