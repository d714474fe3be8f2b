import { readdirSync } from 'node:fs';

/** Who may import whom. Data flows one way: base ← domain ← … ← core. Run by test/architecture. */
const layer = (folder, ...may) => ({
  name: `${folder.replaceAll('/', '-')}-imports`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(src|drivers|scripts|test)/',
    pathNot: `^(${[folder, ...may].join('|')})(/|$)`,
  },
});

const below = ['src/base', 'src/domain', 'drivers/contract'];
const ports = 'src/registry/ports.ts';
const middle = [...below, 'src/store', 'src/journal', 'src/documents', 'src/devices', ports];

/** What drivers share that speak one protocol or sit on one bus; they see nothing of each other. */
const shared = {
  'serial-line': ['cabinet-io', 'escpos-receipt-printer', 'serial-code-scanner'],
  ipp: ['ipp-page-printer', 'ipp-card-printer'],
  t0: ['ccid-card-reader', 'ektp', 'pcsc-card-reader'],
  usb: ['ccid-card-reader', 'escpos-receipt-printer', 'evolis-card-printer', 'hid-code-scanner'],
};
/** The two that see every driver, and what every driver sees. */
const noDrivers = ['contract', 'host', 'cabinet', ...Object.keys(shared)];
const driverFolders = readdirSync(new URL('drivers', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !noDrivers.includes(entry.name))
  .map(({ name }) => name);
const sharedBy = (driver) =>
  Object.keys(shared)
    .filter((part) => shared[part].includes(driver))
    .map((part) => `drivers/${part}`);

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    layer('src/base'),
    layer('src/domain', 'src/base'),
    layer('src/rpc', ...below),
    layer('src/store', 'src/base', 'src/domain'),
    layer('src/journal', ...below, 'src/store', ports),
    layer('src/documents', 'src/base', 'src/domain'),
    layer('src/devices', ...below),
    layer('src/issuance', ...middle),
    layer('src/session', ...middle, 'src/rpc', 'src/issuance'),
    layer('src/staff', ...middle, 'src/rpc', 'src/issuance'),
    layer('src/diagnostics', ...middle, 'src/rpc', 'src/issuance'),
    layer('src/shell', 'src/base', 'src/domain', 'src/rpc', 'src/ui'),
    layer('src/ui', 'src/base', 'src/domain', 'src/rpc', 'src/shell', 'drivers/contract/words.ts'),
    {
      ...layer('src/registry', ...below),
      from: { path: '^src/registry/', pathNot: '^src/registry/reference/' },
    },
    layer('src/registry/reference', ...below, 'src/registry', 'src/documents', 'src/store'),
    {
      name: 'the-reference-registry-is-a-program-of-its-own',
      severity: 'error',
      from: { path: '^(src|drivers)/', pathNot: '^src/registry/reference/' },
      to: { path: '^src/registry/reference/' },
    },
    layer('drivers/contract', 'src/base'),
    ...Object.keys(shared).map((part) => layer(`drivers/${part}`, 'drivers/contract', 'src/base')),
    ...driverFolders.map((name) =>
      layer(`drivers/${name}`, 'drivers/contract', 'src/base', ...sharedBy(name)),
    ),
    layer('drivers/host', 'drivers', 'src/base'),
    layer('drivers/cabinet', 'drivers', 'src/base'),
    {
      name: 'nothing-imports-core',
      severity: 'error',
      from: { path: '^(src|drivers)/', pathNot: '^src/(core|cli)/' },
      to: { path: '^src/(core|cli)/' },
    },
    {
      name: 'programs-do-not-import-tests',
      severity: 'error',
      from: { path: '^(src|drivers|scripts)/' },
      to: { path: '^test/' },
    },
    {
      name: 'only-the-store-opens-databases',
      severity: 'error',
      from: { path: '^(src|drivers)/', pathNot: '^src/(store|registry/reference)/' },
      to: { path: 'better-sqlite3' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(dist|out|\\.cache)/' },
  },
};
