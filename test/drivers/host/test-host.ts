import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import * as z from 'zod';
import type { AnyDriverFactory } from '../../../drivers/host/catalogue.ts';
import { installExitPolicy } from '../../../drivers/host/exit-policy.ts';
import { runHost } from '../../../drivers/host/run-host.ts';
import { scriptedFactory } from './scripted-driver.ts';

/** A driver whose native module wants a library that no machine has: start loads it for real. */
const libraryless: AnyDriverFactory = {
  ...scriptedFactory('cardReader'),
  options: z.strictObject({ addon: z.string() }),
  create: (options) => ({
    deviceClass: 'cardReader',
    handlers: scriptedFactory('cardReader').create({}, () => undefined).handlers,
    start: () => {
      createRequire(import.meta.url)((options as { addon: string }).addon);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  }),
};

runHost({
  catalogue: {
    'scripted-card-printer': () => Promise.resolve(scriptedFactory('cardPrinter')),
    'scripted-code-scanner': () => Promise.resolve(scriptedFactory('codeScanner')),
    'scripted-page-printer': () => Promise.resolve(scriptedFactory('pagePrinter')),
    'scripted-card-reader': () => Promise.resolve(scriptedFactory('cardReader')),
    // A real driver, whose bus is this machine's.
    'evolis-card-printer': async () =>
      (await import('../../../drivers/host/usb-evolis-printer.ts'))
        .usbEvolisPrinterFactory as unknown as AnyDriverFactory,
    libraryless: () => Promise.resolve(libraryless),
  },
  stream: new Socket({ fd: 3 }),
  policy: installExitPolicy(),
});
