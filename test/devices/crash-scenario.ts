import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type * as SupervisorModule from '../../src/devices/supervisor.ts';
import { ScriptedDevices } from './scripted-devices.ts';

/**
 * Kills the device host while a blank is being fed, lets it come back, and prints how the command ended
 * and how often the blank was fed. The sources under test are those of the folder named on the command
 * line; the host is the tests' own.
 */
const sources = process.argv[2] ?? '';
const { createDeviceSupervisor } = (await import(
  join(sources, 'src/devices/supervisor.ts')
)) as typeof SupervisorModule;

const devices = await ScriptedDevices.open();
const hostEntry = join(import.meta.dirname, '../drivers/host/test-host.ts');
const options = devices.options([devices.config('printer')], hostEntry);
const supervisor = createDeviceSupervisor({ ...options, clock: systemClock });
await supervisor.start();
const { printer } = devices;
await printer.started();
const feeding = supervisor
  .device('printer', 'cardPrinter')
  .execute('feedBlank', { feeder: 'left', blankKind: 'kia' }, { sessionId: 'ses_1' });
await printer.nextCall();
printer.automatic.set('feedBlank', () => ({ ok: true, value: { serial: null, blankKind: null } }));
printer.killHost();
await printer.started();
const fed = await feeding;
await supervisor.stop();
devices.control.close();

const outcome = fed.ok ? 'fed' : fed.error.kind;
const feeds = printer.reached.filter((command) => command === 'feedBlank').length;
// A mutant may go on for ever; what it did is known.
process.stdout.write(JSON.stringify({ outcome, feeds }), () => process.exit(0));
