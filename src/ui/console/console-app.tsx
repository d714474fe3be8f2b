import { useCallback, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { ConsoleSession } from '../../rpc/console.ts';
import { createConsoleClient, type ConsoleTrouble } from './console-client.ts';
import { ConsoleContext, type Console } from './console-context.ts';
import { ConsoleFrame } from './console-frame.tsx';
import type { ConsolePage } from './console-page.ts';
import { useLanguage } from './preferences.ts';
import { sayIn } from './say.ts';
import { SetUp } from './set-up.tsx';
import { SignIn } from './sign-in.tsx';
import { LoadFailed, Loading } from './states.tsx';
import { useActivity } from './use-activity.ts';

/** How often a page that asks nothing else looks whether its person is still signed in. */
const LOOK_MS = 30_000;

/** One console page, for whoever is signed in; otherwise the way to be. */
export function ConsoleApp({ page }: { readonly page: ConsolePage }) {
  const [language, setLanguage] = useLanguage();
  const [session, setSession] = useState<ConsoleSession | null>(null);
  const [trouble, setTrouble] = useState<ConsoleTrouble | null>(null);
  /** The session ended without the person asking for it. */
  const [hasEnded, setHasEnded] = useState(false);

  const client = useMemo(
    () =>
      createConsoleClient(() => {
        setSession((before) => (before === null ? null : { ...before, signedIn: null }));
        setHasEnded(true);
      }),
    [],
  );
  const shared = useMemo(
    (): Console => ({ client, language, say: sayIn(language), channel: page.channel }),
    [client, language, page.channel],
  );
  const { say } = shared;

  const look = useCallback(async () => {
    const answer = await client.session();
    setTrouble(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setSession((before) => {
      if ((before?.signedIn ?? null) !== null && answer.value.signedIn === null) setHasEnded(true);
      return answer.value;
    });
  }, [client]);
  useEffect(() => void look(), [look]);

  const person = session?.signedIn ?? null;
  const isSignedIn = person !== null;
  useActivity(client, isSignedIn);
  useEffect(() => {
    if (!isSignedIn) return undefined;
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isSignedIn, look]);
  useEffect(() => {
    document.title = `${say(`console.${page.name}`)} · ${say('console.name')}`;
  }, [say, page.name]);

  const signedIn = (): void => {
    setHasEnded(false);
    void look();
  };
  const signOut = async (): Promise<void> => {
    await client.signOut();
    setHasEnded(false);
    setSession((before) => (before === null ? null : { ...before, signedIn: null }));
  };

  const content =
    session === null ? (
      trouble === null ? (
        <Loading words={say('console.loading')} />
      ) : (
        <LoadFailed trouble={trouble} onRetry={() => void look()} />
      )
    ) : person !== null ? (
      page.content
    ) : session.needsSetup ? (
      <SetUp onDone={signedIn} />
    ) : (
      <SignIn hasEnded={hasEnded} onDone={signedIn} />
    );

  return (
    <I18nProvider locale={language}>
      <ConsoleContext value={shared}>
        <ConsoleFrame
          page={page.name}
          terminalId={session?.terminalId ?? null}
          person={person}
          onLanguage={setLanguage}
          onSignOut={() => void signOut()}
        >
          {content}
        </ConsoleFrame>
      </ConsoleContext>
    </I18nProvider>
  );
}
