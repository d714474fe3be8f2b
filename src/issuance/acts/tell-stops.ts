import type { DeviceHealth } from '../../devices/health.ts';
import type { PaperStop } from '../../domain/paper-stop.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { paperStopOf } from '../paper-stop.ts';

/**
 * Says why the printer does not go on with the job at hand, and when it goes on; returns what ends it. A stop
 * decides nothing: what came of the job is judged once its command has ended.
 */
export function tellStops(run: AttemptRun): () => void {
  let told: PaperStop | null = null;
  const look = (status: Pick<DeviceHealth, 'state' | 'reasons'>): void => {
    const stop = paperStopOf(status);
    if (stop === told) return;
    told = stop;
    run.say(stop === null ? { kind: 'paperGoesOn' } : { kind: 'paperStopped', stop });
  };
  // It may have stopped after it was looked at and before anybody listened, and it says so once.
  look(run.pagePrinter.health());
  return run.pagePrinter.on('statusChanged', look);
}
