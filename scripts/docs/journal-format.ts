import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GENESIS_HASH, hashOfRow } from '../../src/journal/chain/hash.ts';
import { signedBytesOf, type UnsignedHead } from '../../src/journal/chain/head.ts';
import { signedKinds, signedStates } from '../../src/journal/chain/must-sign.ts';
import { bodyOfRow } from '../../src/journal/chain/row-body.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';

const FILE = path.resolve(import.meta.dirname, '../../src/journal/FORMAT.md');
const TERMINAL = 'ADM-SPESIMEN-01';
const AT_MS = 1_767_603_600_000;

/** A tiny journal: what a verifier must compute from it is known. */
const events: readonly JournalEvent[] = [
  {
    kind: 'core.started',
    version: '0.1.0',
    mode: 'specimen',
    boot: 'boot_AAAAAAAAAAAAAAAA',
    previousStop: 'first',
  },
  { kind: 'session.opened', sessionId: 'ses_AAAAAAAAAAAAAAAA', trigger: 'touch' },
  { kind: 'core.stopped', reason: 'asked' },
];

export interface FormatVectors {
  readonly rows: readonly { readonly seq: number; readonly body: string; readonly hash: string }[];
  readonly ed25519: {
    readonly publicPem: string;
    readonly head: UnsignedHead;
    readonly signature: string;
  };
  readonly ecdsa: {
    readonly publicPem: string;
    readonly head: UnsignedHead;
    readonly signature: string;
  };
}

/** ECDSA signs with a fresh random number each time, so this one was made once and is kept. */
const ECDSA_PUBLIC_PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERvDbs4lgzym+G65IFVKaz/K9ilPm
FTVA7duTTT4ZnbIHE1dsxsH4wBg2FSA9qr/C2UPrEBNh095vJDdAhCvMFw==
-----END PUBLIC KEY-----
`;
const ECDSA_SIGNATURE =
  'V/D1mFGlTQNYVPzAjsmVclrn/QcE+uoE3iVpvyGWdZHLAV7wkSS2z0LrBBbQw4zBKfOJ8vHD/yU8ZksY8GBWNQ==';

/** Ed25519 from the secret bytes 00 01 … 1f, in PKCS #8 (RFC 8410): everybody's key, and so nobody's. */
const secret = Buffer.concat([
  Buffer.from('302e020100300506032b657004220420', 'hex'),
  Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)),
]);

export function formatVectors(): FormatVectors {
  let previous = GENESIS_HASH;
  const rows = events.map((event, index) => {
    const when = { at: AT_MS + index * 250, mono: 1_000 + index * 250 };
    const body = bodyOfRow(event, when);
    const hash = hashOfRow(previous, index + 1, Buffer.from(body, 'utf8'));
    previous = hash;
    return { seq: index + 1, body, hash: hash.toString('hex') };
  });
  const headOf = (algorithm: UnsignedHead['algorithm']): UnsignedHead => ({
    terminalId: TERMINAL,
    size: rows.length,
    head: rows.at(-1)?.hash ?? '',
    at: AT_MS + 500,
    algorithm,
  });
  const privateKey = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const head = headOf('ed25519');
  const signature = sign(null, signedBytesOf(head), privateKey).toString('base64');
  return {
    rows,
    ed25519: { publicPem, head, signature },
    ecdsa: {
      publicPem: ECDSA_PUBLIC_PEM,
      head: headOf('ecdsa-p256-sha256'),
      signature: ECDSA_SIGNATURE,
    },
  };
}

const codes = (words: Iterable<string>): string =>
  Array.from(words, (word) => `\`${word}\``).join(', ');

function mustBeSigned(): string {
  return `- \`event.kind\` is one of ${codes(signedKinds)};
- \`event.kind\` is \`attempt.stateEntered\` and \`event.to\` is one of ${codes(signedStates)}.`;
}

function vectors(): string {
  const { rows, ed25519, ecdsa } = formatVectors();
  const first = rows[0];
  const message = Buffer.from(first?.body ?? '', 'utf8');
  const lines = rows.map(({ seq, body, hash }) => `| ${seq} | \`${body}\` | \`${hash}\` |`);
  const signed = (vector: FormatVectors['ecdsa']): string =>
    `\`\`\`
${vector.publicPem}\`\`\`

The signed bytes, in hexadecimal:

\`\`\`
${signedBytesOf(vector.head).toString('hex')}
\`\`\`

A good signature, in base64: \`${vector.signature}\``;
  return `| seq | body | hash |
| --- | --- | --- |
${lines.join('\n')}

What is hashed for row 1, in hexadecimal, with spaces between the parts of the formula (the body has ${message.length} bytes):

\`\`\`
${Buffer.from('anj-j2\0').toString('hex')} ${'00'.repeat(32)} 0000000000000001 ${message.length.toString(16).padStart(8, '0')} ${message.toString('hex')}
\`\`\`

Checkpoint over the three rows, \`at_ms\` ${ed25519.head.at}, algorithm \`ed25519\`, by the key

${signed(ed25519)}

The same checkpoint with algorithm \`ecdsa-p256-sha256\`, by the key

${signed(ecdsa)}`;
}

/** The document with its generated parts written anew; the words around them are kept. */
export function renderJournalFormat(): string {
  const parts: Readonly<Record<string, string>> = {
    mustBeSigned: mustBeSigned(),
    vectors: vectors(),
  };
  return readFileSync(FILE, 'utf8').replace(
    /(<!-- generated: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${parts[name] ?? ''}\n\n${close}`,
  );
}
