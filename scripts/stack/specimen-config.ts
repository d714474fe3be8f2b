import { stringify } from 'smol-toml';
import { pkiPaths, terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';

export interface SpecimenParts {
  readonly terminalId: string;
  readonly pkiDir: string;
  readonly registryUrl: string;
  readonly frontUrl: string;
  readonly cabinetSocket: string;
  /** null: a terminal without a code scanner. */
  readonly scannerTty: string | null;
  /** null: a terminal without a reader for e-KTP. */
  readonly pcsc: {
    readonly csockName: string;
    readonly cardReaderName: string;
    readonly samReaderName: string;
  } | null;
  readonly pagePrinterUri: string;
  /** An upsd on this machine, and its name for the UPS; absent: a terminal without one. */
  readonly ups?: { readonly port: number; readonly name: string };
  /** Where fingers are put on the simulated sensor; absent: a terminal without one. */
  readonly fingerSocket?: string;
  /** One process for all drivers, where starts must be cheap; by default one each. */
  readonly sharedHost?: string;
}

const exactly = (name: string): string => `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;

/** The configuration of a specimen terminal on this machine, as TOML. */
export function specimenConfig(parts: SpecimenParts): string {
  const pki = pkiPaths(parts.pkiDir);
  const { pcsc, scannerTty, ups, fingerSocket } = parts;
  const shared = parts.sharedHost === undefined ? {} : { host: parts.sharedHost };
  return stringify({
    mode: 'specimen',
    terminal: { id: parts.terminalId, place: 'Mesin pengembangan' },
    verifyUrl: `${parts.frontUrl}/verify`,
    registry: {
      url: parts.registryUrl,
      caFile: pki.rootCert,
      certificateFile: terminalCertPath(parts.pkiDir, parts.terminalId),
      keyFile: terminalKeyPath(parts.pkiDir, parts.terminalId),
      orderKeyFile: pki.orderPublicKey,
      pdfAnchorFile: pki.kkCaCert,
      heartbeatSeconds: 5,
    },
    feeders: [
      { name: 'ktp', blankKind: 'ktpEl' },
      { name: 'kia', blankKind: 'kia' },
    ],
    preview: { enabled: true },
    devices: [
      ...(pcsc === null
        ? []
        : [
            {
              name: 'tap-reader',
              class: 'cardReader',
              role: 'tapReader',
              driver: 'pcsc-ektp-reader',
              host: 'pcsc',
              environment: { PCSCLITE_CSOCK_NAME: pcsc.csockName },
              options: {
                readerPattern: exactly(pcsc.cardReaderName),
                samPattern: exactly(pcsc.samReaderName),
                csockName: pcsc.csockName,
              },
            },
          ]),
      {
        name: 'old-card-slot',
        ...shared,
        class: 'cardReader',
        role: 'oldCardSlot',
        driver: 'simulated-motor-card-reader',
        options: { socketPath: parts.cabinetSocket },
      },
      ...(scannerTty === null
        ? []
        : [
            {
              name: 'code-scanner',
              class: 'codeScanner',
              role: 'codeScanner',
              driver: 'serial-code-scanner',
              options: { path: scannerTty },
            },
          ]),
      {
        name: 'page-printer',
        ...shared,
        class: 'pagePrinter',
        role: 'pagePrinter',
        driver: 'ipp-page-printer',
        options: { uri: parts.pagePrinterUri },
      },
      {
        name: 'card-printer',
        ...shared,
        class: 'cardPrinter',
        role: 'cardPrinter',
        driver: 'simulated-card-printer',
        options: { socketPath: parts.cabinetSocket },
      },
      ...(fingerSocket === undefined
        ? []
        : [
            {
              name: 'finger-sensor',
              ...shared,
              class: 'biometric',
              role: 'biometric',
              driver: 'simulated-biometric',
              options: { controlSocketPath: fingerSocket },
            },
          ]),
      ...(ups === undefined
        ? []
        : [
            {
              name: 'ups',
              ...shared,
              class: 'ups',
              role: 'ups',
              driver: 'ups',
              options: { ups: ups.name, port: ups.port },
            },
          ]),
    ],
  });
}
