import { useState } from 'react';
import { Alert } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';
import type { ConsoleTrouble } from './console-client.ts';
import { useConsole } from './console-context.ts';
import { Field } from './field.tsx';
import { TroubleAlert } from './states.tsx';
import './door.css';

/** The first account of a terminal, by the one-time secret in its data folder; then that person is signed in. */
export function SetUp({ onDone }: { readonly onDone: () => void }) {
  const { client, say, channel } = useConsole();
  const [secret, setSecret] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [isWorking, setIsWorking] = useState(false);
  const [trouble, setTrouble] = useState<ConsoleTrouble | 'fill' | 'different' | null>(null);

  const submit = async (): Promise<void> => {
    if (isWorking) return;
    if ([secret, name, password, again].includes('')) {
      setTrouble('fill');
      return;
    }
    if (password !== again) {
      setTrouble('different');
      return;
    }
    setIsWorking(true);
    setTrouble(null);
    const made = await client.setUp({ secret, name, password });
    const signedIn = made.ok ? await client.signIn({ name, password, channel }) : made;
    setIsWorking(false);
    if (signedIn.ok) {
      onDone();
      return;
    }
    setTrouble(signedIn.error);
  };
  const enter = (): void => void submit();

  return (
    <section className="con-door">
      <header>
        <h1>{say('setup.title')}</h1>
        <p className="con-quiet">{say('setup.intro')}</p>
      </header>
      {(trouble === 'fill' || trouble === 'different') && (
        <Alert status="caution" title={say(`setup.${trouble}`)} isUrgent />
      )}
      {trouble !== null && typeof trouble === 'object' && <TroubleAlert trouble={trouble} />}
      <Field
        label={say('setup.secret')}
        hint={say('setup.secretHint')}
        value={secret}
        onChange={setSecret}
        onEnter={enter}
        autoComplete="off"
        maxLength={100}
        hasFocus
      />
      <Field
        label={say('signIn.name')}
        hint={say('setup.nameHint')}
        value={name}
        onChange={setName}
        onEnter={enter}
        autoComplete="username"
        maxLength={60}
      />
      <Field
        label={say('signIn.password')}
        hint={say('setup.passwordHint')}
        kind="password"
        value={password}
        onChange={setPassword}
        onEnter={enter}
        autoComplete="new-password"
        maxLength={200}
      />
      <Field
        label={say('setup.again')}
        kind="password"
        value={again}
        onChange={setAgain}
        onEnter={enter}
        autoComplete="new-password"
        maxLength={200}
      />
      <Button hierarchy="primary" onPress={enter} isDisabled={isWorking}>
        {isWorking ? say('setup.working') : say('setup.submit')}
      </Button>
    </section>
  );
}
