import type { BusListing } from '../contract/bus-listing.ts';
import { listHidDevices, listSerialPorts, listUsbDevices } from './buses.ts';

const [usb, hid, serial] = await Promise.all([
  listUsbDevices(),
  listHidDevices(),
  listSerialPorts(),
]);
const listing: BusListing = { usb, hid, serial };
process.stdout.write(`${JSON.stringify(listing)}\n`);
