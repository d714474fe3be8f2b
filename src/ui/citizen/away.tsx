import { useEffect, useState } from 'react';
import type { Language } from '../../rpc/citizen-view.ts';
import { Frame, ScreenBody } from '../kit/frame.tsx';
import { PictureRoom } from '../kit/picture-room.tsx';
import { TerminalPicture } from '../kit/pictures/terminal.tsx';
import { ScreenTitle } from '../kit/screen-title.tsx';
import { sayIn } from '../text/say.ts';
import './citizen.css';

/** A start of core that takes longer may never end: it refuses a faulty configuration, and a person must help. */
const START_MS = 60_000;

/** Core does not answer: nothing can be chosen, not even a language, and nothing is claimed about what works. */
export function Away() {
  const state = useIsPast(START_MS) ? 'awayForLong' : 'away';
  useEffect(() => {
    document.documentElement.lang = 'id';
  }, []);
  const words = (language: Language) => {
    const say = sayIn(language);
    return {
      title: say(`outOfService.${state}.title`),
      body: say(`outOfService.${state}.body`),
      whatNow: say('outOfService.whatNow'),
    };
  };
  const [id, en, say] = [words('id'), words('en'), sayIn('id')];
  return (
    <Frame
      specimen={null}
      name={say('app.name')}
      tagline={say('app.taglineAway')}
      languageSwitch={null}
      progress={null}
    >
      <ScreenBody
        lead={
          <>
            <div lang="id" className="citizen-rows">
              <ScreenTitle intro={id.body}>{id.title}</ScreenTitle>
              <p className="citizen-say">{id.whatNow}</p>
            </div>
            <div lang="en" className="citizen-rows citizen-translation">
              <h2 className="citizen-heading">{en.title}</h2>
              <p className="citizen-say">{en.body}</p>
              <p className="citizen-say">{en.whatNow}</p>
            </div>
          </>
        }
        kind="scene"
        footer={null}
      >
        <PictureRoom>
          <TerminalPicture state="resting" />
        </PictureRoom>
      </ScreenBody>
    </Frame>
  );
}

/** Whether so much time has passed since the screen came. */
function useIsPast(ms: number): boolean {
  const [isPast, setIsPast] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsPast(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isPast;
}
