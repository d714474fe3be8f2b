import { useSyncExternalStore } from 'react';

/** Where in the page we are: the list, or one attempt. */
export type Route =
  { readonly name: 'list' } | { readonly name: 'attempt'; readonly attemptId: string };

export const hrefOf = (attemptId: string): string => `#/attempt/${encodeURIComponent(attemptId)}`;
export const LIST_HREF = '#/';

/** An address that is nothing of ours leads to the list. */
export function routeOf(hash: string): Route {
  const attemptId = /^#\/attempt\/([A-Za-z0-9_-]{1,40})$/.exec(hash)?.[1];
  return attemptId === undefined ? { name: 'list' } : { name: 'attempt', attemptId };
}

const onChange = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export const useRoute = (): Route => routeOf(useSyncExternalStore(onChange, () => location.hash));
