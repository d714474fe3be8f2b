import { useCallback, useEffect, useState } from 'react';

/** Counts a wait down by the monotonic clock: the seconds left, 0 when it is over, and how to begin one. */
export function useWait(): readonly [number, (waitMs: number) => void] {
  const [endsAt, setEndsAt] = useState(0);
  const [now, setNow] = useState(() => performance.now());
  const secondsLeft = Math.max(0, Math.ceil((endsAt - now) / 1000));
  const isWaiting = secondsLeft > 0;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const tick = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(tick);
  }, [isWaiting]);
  const begin = useCallback((waitMs: number) => {
    setNow(performance.now());
    setEndsAt(performance.now() + waitMs);
  }, []);
  return [secondsLeft, begin];
}
