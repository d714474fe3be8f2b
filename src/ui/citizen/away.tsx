import { useMemo } from 'react';
import { Frame, ScreenBody } from '../kit/frame.tsx';
import { ScreenTitle } from '../kit/screen-title.tsx';
import { sayIn } from '../text/say.ts';

/** Core does not answer: nothing can be chosen, and nothing is claimed about what works. */
export function Away() {
  const say = useMemo(() => sayIn('id'), []);
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
          <ScreenTitle intro={say('outOfService.away.body')}>
            {say('outOfService.away.title')}
          </ScreenTitle>
        }
        kind="question"
        footer={null}
      >
        <p>{say('outOfService.whatNow')}</p>
      </ScreenBody>
    </Frame>
  );
}
