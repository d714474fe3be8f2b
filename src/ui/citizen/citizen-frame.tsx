import type { ReactNode } from 'react';
import { languageSchema } from '../../rpc/citizen-view.ts';
import { Frame } from '../kit/frame.tsx';
import { LanguageSwitch } from '../kit/language-switch.tsx';
import { Progress } from '../kit/progress.tsx';
import { useSession } from './session.ts';
import { stageOf, stages } from './stage.ts';

/** The frame around every screen of a visit, from the view alone. */
export function CitizenFrame({ children }: { readonly children: ReactNode }) {
  const { view, say, choose } = useSession();
  const stage = stageOf(view.screen);
  return (
    <Frame
      specimen={
        view.mode === 'specimen'
          ? { word: say('specimen.word'), meaning: say('specimen.meaning') }
          : null
      }
      name={say('app.name')}
      tagline={say('app.tagline', { terminalId: view.terminalId })}
      languageSwitch={
        <LanguageSwitch
          label={say('language.label')}
          languages={languageSchema.options.map((code) => ({
            code,
            name: say(`language.${code}`),
          }))}
          current={view.language}
          onChange={(language) => choose({ kind: 'setLanguage', language })}
        />
      }
      progress={
        stage !== null && (
          <Progress
            label={say('stages.label')}
            stages={stages.map((name) => say(`stages.${name}`))}
            current={stage === 'over' ? stages.length : stages.indexOf(stage)}
            doneLabel={say('stages.passed')}
          />
        )
      }
    >
      {children}
    </Frame>
  );
}
