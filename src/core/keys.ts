import { readFileSync } from 'node:fs';
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import * as z from 'zod';
import { err, ok, type Result } from '../base/result.ts';
import type { LoadedConfig } from './config/load.ts';
import type { StartupError } from './startup-error.ts';

/** The keys and certificates that the configuration names, read once at start. */
export interface TerminalKeys {
  readonly caPem: string;
  readonly clientCertPem: string;
  readonly clientKeyPem: string;
  readonly orderKey: JWK;
  readonly pdfAnchorDer: Uint8Array;
}

const orderJwk = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });

/** Reads them and sees that they belong together and to this terminal; what it passes can be used for TLS. */
export function readKeys({ config, resolve }: LoadedConfig): Result<TerminalKeys, StartupError> {
  const { registry } = config;
  const wanted = ['caFile', 'certificateFile', 'keyFile', 'orderKeyFile', 'pdfAnchorFile'] as const;
  const texts = new Map<(typeof wanted)[number], string>();
  for (const key of wanted) {
    const file = resolve(registry[key]);
    try {
      texts.set(key, readFileSync(file, 'utf8'));
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
      return err({ kind: 'secretFile', key: `registry.${key}`, file, reason });
    }
  }
  const text = (key: (typeof wanted)[number]): string => texts.get(key) ?? '';
  const refuse = (key: (typeof wanted)[number], reason: string): Result<never, StartupError> =>
    err({ kind: 'secretFile', key: `registry.${key}`, file: resolve(registry[key]), reason });
  if (certificateOf(text('caFile')) === null) return refuse('caFile', 'not a certificate');
  const own = certificateOf(text('certificateFile'));
  if (own === null) return refuse('certificateFile', 'not a certificate');
  if (!own.subject.split('\n').includes(`CN=${config.terminal.id}`)) {
    return refuse('certificateFile', `it names another terminal than ${config.terminal.id}`);
  }
  const ownKey = privateKeyOf(text('keyFile'));
  if (ownKey === null) return refuse('keyFile', 'not a private key without a passphrase');
  if (!own.checkPrivateKey(ownKey)) return refuse('keyFile', 'not the key of the certificate');
  const jwk = orderJwk.safeParse(jsonOf(text('orderKeyFile')));
  if (!jwk.success) return refuse('orderKeyFile', 'not an Ed25519 public key as JWK');
  const anchor = certificateOf(text('pdfAnchorFile'));
  if (anchor === null) return refuse('pdfAnchorFile', 'not a certificate');
  return ok({
    caPem: text('caFile'),
    clientCertPem: text('certificateFile'),
    clientKeyPem: text('keyFile'),
    orderKey: jwk.data,
    pdfAnchorDer: new Uint8Array(anchor.raw),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function privateKeyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
