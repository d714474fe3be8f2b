import { createContext, useContext } from 'react';
import { assert } from '../../base/assert.ts';
import type { Choice } from '../../rpc/citizen.ts';
import type { Screen, ScreenName, SessionView } from '../../rpc/citizen-view.ts';
import type { Say } from '../text/say.ts';

/** What every screen may use: the view, its language, and a way to answer. */
export interface Session {
  readonly view: SessionView;
  readonly say: Say;
  /** Answers the view that is shown. */
  readonly choose: (choice: Choice) => void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  assert(session !== null, 'a screen is shown within a session');
  return session;
}

export type ScreenOf<N extends ScreenName> = Extract<Screen, { readonly name: N }>;
export interface ScreenProps<N extends ScreenName> {
  readonly screen: ScreenOf<N>;
}
