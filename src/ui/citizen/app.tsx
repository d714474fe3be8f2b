import { useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { SessionView } from '../../rpc/citizen-view.ts';
import { LiveRegion } from '../kit/live-region.tsx';
import { sayIn } from '../text/say.ts';
import { Away } from './away.tsx';
import type { CitizenClient } from './client/client.ts';
import { CitizenFrame } from './citizen-frame.tsx';
import { ScreenView } from './screen-view.tsx';
import { SessionTimeLimit } from './session-time-limit.tsx';
import { SessionContext, type Session } from './session.ts';

/** The citizen's page: the last view of core, or that core is away. */
export function App({ client }: { readonly client: CitizenClient }) {
  const [view, setView] = useState<SessionView | null>(null);
  useEffect(() => client.onView(setView), [client]);
  return view === null ? <Away /> : <Visit client={client} view={view} />;
}

function Visit({ client, view }: { readonly client: CitizenClient; readonly view: SessionView }) {
  const { viewId, language } = view;
  const session = useMemo(
    (): Session => ({
      view,
      say: sayIn(view.language),
      choose: (choice) => client.choose(view.viewId, choice),
    }),
    [client, view],
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => afterPaint(() => client.shown(viewId)), [client, viewId]);
  return (
    <I18nProvider locale={language}>
      <SessionContext value={session}>
        <CitizenFrame>
          {/* A screen's typed digits and page live as long as the screen is the same. */}
          <ScreenView key={view.screen.name} />
        </CitizenFrame>
        <LiveRegion words={view.helpCalled ? session.say('footer.officerCalledAloud') : ''} />
        <SessionTimeLimit key={viewId} />
      </SessionContext>
    </I18nProvider>
  );
}

/** The second frame starts once the first, with the new view in it, was handed to the screen. */
function afterPaint(act: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(act);
  });
  return () => cancelAnimationFrame(frame);
}
