import type { Clock } from '../base/clock.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import { Latch } from './attempt-run.ts';
import type { AttemptLimits } from './time-limits.ts';

/** Printers that lost power with the terminal start more slowly than it: silence is not yet an answer. */
export async function untilPrintersAnswer(
  clock: Clock,
  limits: Pick<AttemptLimits, 'deviceStartMs' | 'deviceStartPollMs'>,
  printers: readonly (DeviceProxy<'cardPrinter'> | DeviceProxy<'pagePrinter'>)[],
): Promise<void> {
  const startedMs = clock.monotonicMs();
  for (const printer of printers) {
    for (;;) {
      const status = await ask(printer);
      const starting = status.ok
        ? status.value.state === 'starting' || status.value.state === 'powerOff'
        : status.error.kind !== 'unsupported';
      if (!starting) break;
      if (clock.monotonicMs() - startedMs >= limits.deviceStartMs) return;
      const pause = new Latch();
      clock.after(limits.deviceStartPollMs, () => pause.set());
      await pause.happened;
    }
  }
}

const ask = (printer: DeviceProxy<'cardPrinter'> | DeviceProxy<'pagePrinter'>) =>
  printer.deviceClass === 'cardPrinter'
    ? printer.execute('getStatus', {}, { sessionId: null })
    : printer.execute('getStatus', {}, { sessionId: null });
