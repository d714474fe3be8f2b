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
    // Read once: time that passes between two readings would be a wait where none was asked for.
    const from = performance.now();
    setNow(from);
    setEndsAt(from + waitMs);
  }, []);
  return [secondsLeft, begin];
}
