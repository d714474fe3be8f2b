import { useCallback, useEffect, useRef, useState } from 'react';
import type { Result } from '../../base/result.ts';
import type { ConsoleTrouble } from './console-client.ts';

/** What was last loaded stays in sight while newer data, or the reason why there are none, arrive. */
export interface Loaded<T> {
  readonly data: T | null;
  /** When `data` came, in milliseconds since the Unix epoch. */
  readonly at: number | null;
  readonly trouble: ConsoleTrouble | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** Loads when it is first shown and whenever `load` changes; with `everyMs` again and again after each answer. */
export function useLoaded<T>(
  load: () => Promise<Result<T, ConsoleTrouble>>,
  everyMs: number | null = null,
): Loaded<T> {
  const [held, setHeld] = useState<Omit<Loaded<T>, 'reload'>>(nothingYet);
  const [asked, setAsked] = useState(0);
  const current = useRef(load);
  useEffect(() => {
    let over = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // What another `load` brought says nothing of this one.
    const isNew = current.current !== load;
    current.current = load;
    setHeld((before) => (isNew ? nothingYet : { ...before, isLoading: true }));
    const ask = async (): Promise<void> => {
      const answer = await load();
      if (over) return;
      setHeld((before) =>
        answer.ok
          ? { data: answer.value, at: Date.now(), trouble: null, isLoading: false }
          : { ...before, trouble: answer.error, isLoading: false },
      );
      if (everyMs !== null) timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [load, everyMs, asked]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { ...held, reload };
}

const nothingYet = { data: null, at: null, trouble: null, isLoading: true } as const;
