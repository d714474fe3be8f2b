import type { Clock } from '../base/clock.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import { Latch } from './attempt-run.ts';
import type { AttemptLimits } from './time-limits.ts';

type StartingDevice =
  DeviceProxy<'cardPrinter'> | DeviceProxy<'pagePrinter'> | DeviceProxy<'cardReader'>;

/** Devices that lost power with the terminal start more slowly than it: silence is not yet an answer. */
export async function untilDevicesAnswer(
  clock: Clock,
  limits: Pick<AttemptLimits, 'deviceStartMs' | 'deviceStartPollMs'>,
  devices: readonly StartingDevice[],
): Promise<void> {
  const startedMs = clock.monotonicMs();
  for (const device of devices) {
    for (;;) {
      const status = await ask(device);
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

// The same question of each class: one call for all of them has no type.
function ask(device: StartingDevice) {
  const context = { sessionId: null };
  switch (device.deviceClass) {
    case 'cardPrinter':
      return device.execute('getStatus', {}, context);
    case 'pagePrinter':
      return device.execute('getStatus', {}, context);
    case 'cardReader':
      return device.execute('getStatus', {}, context);
  }
}
