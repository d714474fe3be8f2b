import { IconLogout } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { languageSchema, type Language } from '../../rpc/citizen-view.ts';
import type { ConsoleSession } from '../../rpc/console.ts';
import { Button } from '../kit/button.tsx';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { useConsole } from './console-context.ts';
import { consolePages, type ConsolePage } from './console-page.ts';
import './console-frame.css';

export interface ConsoleFrameProps {
  readonly page: ConsolePage['name'];
  readonly terminalId: string | null;
  readonly person: ConsoleSession['signedIn'];
  readonly onLanguage: (language: Language) => void;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** What stays the same around both pages: which terminal, which page, who is signed in. */
export function ConsoleFrame(props: ConsoleFrameProps) {
  const { page, terminalId, person, onLanguage, onSignOut, children } = props;
  const { say, language } = useConsole();
  const open = consolePages.filter(({ roles }) =>
    person?.roles.some((role) => roles.includes(role)),
  );
  return (
    <div className={`con con--${page}`}>
      <header className="con-header">
        <p className="con-header__name">
          <strong>{say('console.name')}</strong>
          {terminalId !== null && <span>{say('console.terminal', { terminalId })}</span>}
        </p>
        {open.length > 0 && (
          <nav className="con-header__pages" aria-label={say('console.pages')}>
            {open.map(({ name, href }) => (
              <a key={name} href={href} aria-current={name === page ? 'page' : undefined}>
                {say(`console.${name}`)}
              </a>
            ))}
          </nav>
        )}
        <div className="con-header__person">
          <LanguageSwitch
            label={say('console.language')}
            languages={languageSchema.options.map((code) => ({
              code,
              name: say(code === 'id' ? 'console.languageId' : 'console.languageEn'),
            }))}
            current={language}
            onChange={onLanguage}
          />
          {person !== null && (
            <>
              <p>{say('console.signedInAs', { name: person.name })}</p>
              <Button hierarchy="tertiary" icon={<IconLogout aria-hidden />} onPress={onSignOut}>
                {say('console.signOut')}
              </Button>
            </>
          )}
        </div>
      </header>
      <main className="con-main">{children}</main>
    </div>
  );
}
