import { createContext, use } from 'react';
import { assert } from '../../base/assert.ts';
import type { Language } from '../../rpc/citizen-view.ts';
import type { Channel, ConsoleClient } from './console-client.ts';
import type { ConsoleSay } from './say.ts';

/** What every part of a console page needs. */
export interface Console {
  readonly client: ConsoleClient;
  readonly say: ConsoleSay;
  readonly language: Language;
  /** Which page this is, as the record calls it. */
  readonly channel: Channel;
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const found = use(ConsoleContext);
  assert(found !== null, 'a console page stands inside the console');
  return found;
}
