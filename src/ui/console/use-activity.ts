import { useEffect } from 'react';
import type { ConsoleClient } from './console-client.ts';

/** Once a minute is plenty for a limit of a quarter of an hour. */
const AT_MOST_EVERY_MS = 60_000;

/** Tells core that somebody is at the page, when they press a key or a button. */
export function useActivity(client: ConsoleClient, isSignedIn: boolean): void {
  useEffect(() => {
    if (!isSignedIn) return undefined;
    let toldAt = performance.now();
    const tell = (): void => {
      if (performance.now() - toldAt < AT_MOST_EVERY_MS) return;
      toldAt = performance.now();
      void client.active();
    };
    const kinds = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const kind of kinds) window.addEventListener(kind, tell, { passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, tell);
    };
  }, [client, isSignedIn]);
}
