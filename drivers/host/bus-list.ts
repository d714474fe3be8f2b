import { json } from 'node:stream/consumers';
import * as z from 'zod';
import type { BusListing } from '../contract/bus-listing.ts';
import { configuredDeviceSchema } from '../contract/wire.ts';
import { listHidDevices, listSerialPorts, listUsbDevices } from './buses.ts';
import { catalogue } from './catalogue.ts';
import { placesOf } from './open-device.ts';

// Standard input: the configured devices, as a host is told of them; their drivers say where they look.
const devices = z.array(configuredDeviceSchema).parse(await json(process.stdin));
const [usb, hid, serial, places] = await Promise.all([
  listUsbDevices(),
  listHidDevices(),
  listSerialPorts(),
  Promise.all(devices.map((device) => placesOf(device, catalogue))),
]);
const listing: BusListing = { usb, hid, serial };
process.stdout.write(`${JSON.stringify({ listing, places })}\n`);
