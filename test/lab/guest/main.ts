import { cardPrinter } from './card-printer.ts';
import { hidScanner } from './hid-scanner.ts';
import { pcscReader } from './pcsc-reader.ts';
import { serialScanner } from './serial-scanner.ts';

// One device after another: each has a socket of its own, and none is left plugged in.
await hidScanner(0);
await serialScanner(1, 0);
await cardPrinter(2);
await pcscReader();
process.exit();
