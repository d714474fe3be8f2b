/** Every file of ours that is started as a program of its own. */
export const entries: readonly string[] = [
  'src/core/main.ts',
  'src/core/console/query-entry.ts',
  'src/core/documents/entry.ts',
  'src/registry/reference/main.ts',
  'src/cli/main.ts',
  'drivers/host/main.ts',
  'drivers/host/check-devices.ts',
  'drivers/host/bus-list.ts',
  'drivers/cabinet/main.ts',
  'drivers/ektp/virtual-card.ts',
  'drivers/biometric/simulated-engine.ts',
];

/**
 * Packages that stay as they are: libraries of machine code, files loaded by name, code that strict mode
 * breaks (ipp), CommonJS whose names a late `import()` would miss (undici).
 */
export const left: readonly string[] = [
  '@napi-rs/canvas',
  '@sealsystems/ipp',
  'better-sqlite3',
  'node-hid',
  'pcsc-mini',
  'pdfjs-dist',
  'pino',
  'serialport',
  'undici',
  'usb',
];
