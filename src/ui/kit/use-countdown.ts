import { useEffect, useState } from 'react';

/** Counts an estimate down by the clock until a new one comes; never below zero, null while unknown. */
export function useCountdown(estimateSeconds: number | null): number | null {
  const [elapsed, setElapsed] = useState({ of: estimateSeconds, seconds: 0 });
  if (elapsed.of !== estimateSeconds) setElapsed({ of: estimateSeconds, seconds: 0 });
  useEffect(() => {
    if (estimateSeconds === null) return undefined;
    const startedAt = performance.now();
    const tick = setInterval(() => {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      setElapsed({ of: estimateSeconds, seconds });
    }, 1000);
    return () => clearInterval(tick);
  }, [estimateSeconds]);
  return estimateSeconds === null ? null : Math.max(0, estimateSeconds - elapsed.seconds);
}
