import * as z from 'zod';
import { usbIdSchema, usbPortSchema } from '../../../drivers/contract/usb-identity.ts';
import { deviceClassSchema } from '../../../drivers/contract/words.ts';
import { blankKindSchema, modeSchema } from '../../domain/document.ts';
import { requestReasonSchema } from '../../domain/request.ts';

const file = (what: string) =>
  z.string().min(1).describe(`${what}. A path; if relative, from the folder of this file.`);

const port = (what: string) =>
  z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe(`${what}. 0 takes any free port; the one taken is written to run/endpoints.json.`);

const usbPin = {
  vendorId: usbIdSchema.nullable().default(null).describe('Its vendor, as `lsusb` shows it.'),
  productId: usbIdSchema.nullable().default(null).describe('Its product.'),
  serialNumber: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Its serial number, where two alike are plugged in.'),
  port: usbPortSchema
    .nullable()
    .default(null)
    .describe(
      'The port it is plugged into, such as "1-1.4", where two alike have no serial number.',
    ),
};

const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
};

const isEndpoint = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.search === '' && url.hash === '' && url.username === '';
};

export const configSchema = z.strictObject({
  mode: modeSchema
    .default('specimen')
    .describe(
      '"specimen" prints SPESIMEN of people who cannot exist; "live" is refused: this version has no enrolment.',
    ),
  terminal: z
    .strictObject({
      id: z
        .string()
        .regex(/^(?!.*\d{6})[A-Za-z0-9][A-Za-z0-9-]{0,39}$/)
        .describe('Name of this terminal, as in its certificate at the registry.'),
      place: z.string().max(80).describe('Where it stands, as staff call it.'),
      timeZone: z
        .enum(['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'])
        .default('Asia/Jakarta')
        .describe('Time zone of its days: WIB, WITA or WIT.'),
    })
    .describe('Which terminal this is.'),
  registry: z
    .strictObject({
      url: z
        .url({ protocol: /^https$/ })
        .refine(isOrigin, 'is https://host:port and nothing more')
        .describe(
          'Address of the registry, https only: host and port, no path. With `registry.osia`: of its Credential Management System.',
        ),
      osia: z
        .strictObject({
          dataAccessUrl: z
            .url({ protocol: /^https$/ })
            .refine(isOrigin, 'is https://host:port and nothing more')
            .describe('Address of OSIA Data Access, https only: host and port, no path.'),
          tokenUrl: z
            .url({ protocol: /^https$/ })
            .refine(isEndpoint, 'is https://host:port/path and nothing more')
            .describe(
              'Token endpoint (OAuth 2 client credentials). The client is this terminal, by its certificate.',
            ),
          exclusivity: z
            .enum(['ifMatch', 'preAssigned'])
            .describe(
              'How no two terminals print one request. "ifMatch": the registry gives entity tags and refuses an update under an old one. "preAssigned": it names one terminal as `deliveryOffice` of each request.',
            ),
        })
        .optional()
        .describe(
          'For a registry that speaks OSIA (CMS and Data Access 1.3.0) instead of our contract. It lists nothing by person, signs no KK for us and keeps no heads of the record: only cards, and only by the code of a document.',
        ),
      caFile: file(
        'Certificate of the authority that signed the registry’s server certificate, PEM',
      ),
      certificateFile: file('This terminal’s client certificate, PEM'),
      keyFile: file('Its private key, PEM'),
      orderKeyFile: file('Public key with which the registry signs print orders, JWK (EdDSA)'),
      pdfAnchorFile: file('Certificate of the authority behind the signatures in documents, PEM'),
      heartbeatSeconds: z
        .number()
        .int()
        .min(5)
        .max(600)
        .default(60)
        .describe(
          'How often the registry hears of this terminal and gets the head of its journal.',
        ),
    })
    .describe('The registry this terminal serves.'),
  signatures: z
    .strictObject({
      revocation: z
        .enum(['required', 'whenPresent'])
        .default('whenPresent')
        .describe(
          'Whether a signed document must bring a list of revoked certificates that holds now, or is printed without one, for where the authority gives none or cannot be reached. Who is on a list that came is refused either way.',
        ),
    })
    .prefault({})
    .describe('The signatures in documents that the registry sends.'),
  verifyUrl: z
    .url()
    .describe('Address that the QR codes on cards point at: in specimen mode a local verifier.'),
  devices: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,39}$/)
          .describe('Name of the device in the record and on the technician’s page.'),
        class: deviceClassSchema.describe('What kind of device it is.'),
        driver: z.string().describe('Name of its driver; see the folders under drivers/.'),
        role: z
          .enum([
            'tapReader',
            'oldCardSlot',
            'codeScanner',
            'pagePrinter',
            'cardPrinter',
            'receiptPrinter',
            'ups',
            'cabinetIo',
            'audio',
            'biometric',
          ])
          .describe('What the terminal uses it for.'),
        host: z.string().optional().describe('Devices of the same word share a process.'),
        environment: z
          .strictObject({
            PCSCLITE_CSOCK_NAME: z
              .string()
              .optional()
              .describe(
                'Socket of the pcscd that a driver over PC/SC asks; where it is not given, the usual one.',
              ),
          })
          .optional()
          .describe('Variables its library reads.'),
        usb: z
          .strictObject(usbPin)
          .optional()
          .describe(
            'Which thing on the USB it is, where its driver’s own options do not say so: behind a daemon, say. `anjungan devices` looks for it there.',
          ),
        options: z
          .record(z.string(), z.unknown())
          .default({})
          .describe('The driver’s own options.'),
      }),
    )
    .describe('The devices in the cabinet.'),
  alsoOnUsb: z
    .array(
      z.strictObject({
        what: z.string().min(1).max(80).describe('What it is, for people: a touch screen, a hub.'),
        ...usbPin,
      }),
    )
    .default([])
    .describe(
      'What else belongs on the USB of the cabinet. Anything there that neither this nor a device names is reported and left alone.',
    ),
  feeders: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the feeder in the card printer.'),
        blankKind: blankKindSchema.describe('The only kind it may hold.'),
      }),
    )
    .default([])
    .describe('The feeders of the card printer; blanks can be recorded in no other.'),
  stock: z
    .strictObject({
      scarce: z
        .array(
          z.strictObject({
            blankKind: blankKindSchema.describe('The kind of blank the rule is for.'),
            below: z
              .number()
              .int()
              .min(1)
              .max(100_000)
              .describe('The rule holds while fewer than this many lie in the feeders.'),
            serve: z
              .array(requestReasonSchema)
              .min(1)
              .describe('Reasons of requests that are still served; all others are told to wait.'),
          }),
        )
        .default([])
        .describe(
          'Whom the office serves first when blanks are few. Of several rules for a kind, the one with the lowest `below` that holds counts.',
        ),
    })
    .prefault({})
    .describe('What is decided about blanks.'),
  journal: z
    .strictObject({
      signer: z
        .enum(['file', 'tpm'])
        .default('file')
        .describe(
          'What signs the record: "file" an ed25519 key in keys/, "tpm" a P-256 key in a TPM 2.0 by Debian’s tpm2-tools. A record cannot change from one to the other.',
        ),
      tpmTcti: z
        .string()
        .min(1)
        .default('device:/dev/tpmrm0')
        .describe('Where the TPM is, as tpm2-tools take it.'),
      tpmHandle: z
        .string()
        .regex(/^0x81[0-9a-f]{6}$/)
        .default('0x81010001')
        .describe(
          'Persistent handle of the key; made there where the record is new and it is empty.',
        ),
    })
    .prefault({})
    .describe('The record and its signature.'),
  retention: z
    .strictObject({
      personalFieldsDays: z
        .number()
        .int()
        .min(0)
        .max(3650)
        .default(30)
        .describe(
          'Personal fields of a case are erased so long after its last attempt ended. Those of an attempt that waits for people stay until they decided.',
        ),
      logDays: z
        .number()
        .int()
        .min(1)
        .max(3650)
        .default(90)
        .describe(
          'Files under log/ (logs and diagnostics) are removed so long after they were last written.',
        ),
      journalYears: z
        .number()
        .int()
        .min(1)
        .max(100)
        .default(5)
        .describe(
          'Rows of the record, which hold nothing personal, are kept at least so long. The program removes none: it counts the older ones each day.',
        ),
    })
    .prefault({})
    .describe(
      'How long each kind is kept. Photos and documents are not kept at all: no file ever holds one.',
    ),
  storage: z
    .strictObject({
      minimumFreeMiB: z
        .number()
        .int()
        .min(1)
        .default(64)
        .describe('Below this much free space the terminal does not start.'),
    })
    .prefault({})
    .describe('The disk under the data folder.'),
  console: z
    .strictObject({ port: port('Loopback port of the technician’s and the staff’s pages') })
    .prefault({})
    .describe('Pages for technicians and registry staff.'),
  preview: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Serves the citizen’s pages to a browser on this machine.'),
      port: port('Its loopback port'),
    })
    .prefault({})
    .describe('The citizen’s pages without the kiosk shell.'),
});
export type Config = z.infer<typeof configSchema>;
export type DeviceRole = Config['devices'][number]['role'];
