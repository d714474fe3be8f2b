import { json } from 'node:stream/consumers';
import type { DeviceCheck } from '../contract/device-check.ts';
import { toHostSchema } from '../contract/wire.ts';
import { catalogue } from './catalogue.ts';
import { checkDevice } from './open-device.ts';

/** Takes the frame `open` on standard input, as a host would, and prints what it would refuse; opens no device. */
const frame = toHostSchema.parse(await json(process.stdin));
const requests = frame.type === 'open' ? frame.devices : [];
const faults: DeviceCheck = [];
for (const request of requests) {
  const checked = await checkDevice(request, catalogue);
  if (!checked.ok) faults.push({ device: request.name, fault: checked.error });
}
process.stdout.write(`${JSON.stringify(faults)}\n`);
