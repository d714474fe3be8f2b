import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../core/config/load.ts';
import { readKeys } from '../core/keys.ts';
import type { FetchJson } from '../journal/verify/anchors.ts';

const ANSWER_MS = 10_000;

interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Fetches anchors: with the client certificate of the file given, else with the terminal's own where its
 * configured registry is asked, else with none. Rejects with what a person can mend.
 */
export function fetchAnchors(options: {
  readonly dataFolder: string;
  /** Client certificate, its key and the CA in one PEM file. */
  readonly tls: string | null;
}): FetchJson {
  return async (url) => {
    const connect = identityFor(new URL(url), options);
    // Loaded when it is needed: it is a fifth of all that this command would load.
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent(connect === null ? {} : { connect });
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const { statusCode, body } = await request(url, { dispatcher, signal });
      if (statusCode !== 200) throw new Error(`${new URL(url).host} answered ${statusCode}`);
      return await body.json();
    } finally {
      await dispatcher.destroy();
    }
  };
}

function identityFor(
  url: URL,
  { dataFolder, tls }: { readonly dataFolder: string; readonly tls: string | null },
): Identity | null {
  if (tls !== null) {
    const pem = readFileSync(tls, 'utf8');
    return { ca: pem, cert: pem, key: pem };
  }
  const loaded = loadConfig(path.join(dataFolder, 'config/anjungan.toml'));
  if (!loaded.ok || new URL(loaded.value.config.registry.url).origin !== url.origin) return null;
  const keys = readKeys(loaded.value);
  if (!keys.ok) return null;
  const { caPem, clientCertPem, clientKeyPem } = keys.value;
  return { ca: caPem, cert: clientCertPem, key: clientKeyPem };
}
