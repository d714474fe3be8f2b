import { Orders } from '../../../scripts/lab/usb/orders.ts';
import type { ReaderOrder } from '../../../scripts/lab/usb/readers.ts';
import { cardPrinter } from './card-printer.ts';
import { hidScanner } from './hid-scanner.ts';
import { keyboardScanner } from './keyboard-scanner.ts';
import { pcscReader } from './pcsc-reader.ts';
import { rawReader } from './raw-reader.ts';
import { serialReceiptPrinter, usbReceiptPrinter } from './receipt-printer.ts';
import { serialScanner } from './serial-scanner.ts';

// Of the hands outside, which do what cannot be done from within.
const orders = new Orders<ReaderOrder>('/out');

// One device after another: none is left plugged in.
await hidScanner(0);
await keyboardScanner(0);
await serialScanner(1, 0);
await cardPrinter(2);
await serialReceiptPrinter(1);
await usbReceiptPrinter(2);
await pcscReader(orders);
await rawReader(orders);
process.exit();
