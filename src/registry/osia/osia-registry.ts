import { X509Certificate } from 'node:crypto';
import { systemClock, type Clock } from '../../base/clock.ts';
import { ok } from '../../base/result.ts';
import { Line, type LineOptions } from '../http/line.ts';
import type { HeadKeeper, Registry } from '../ports.ts';
import { AttemptRequests } from './attempt-requests.ts';
import { createOsiaCaller } from './call.ts';
import { Claims } from './claims.ts';
import type { Denial } from './denial.ts';
import { documentSource } from './documents.ts';
import { outcomeSink } from './outcomes.ts';
import { RequestRecord, type Exclusivity } from './record.ts';
import { requestQueue } from './requests.ts';
import { TokenKeeper } from './token.ts';

export interface OsiaRegistryOptions extends Omit<LineOptions, 'baseUrl'> {
  /** `https://host:port` of the Credential Management System and of Data Access. */
  readonly cmsUrl: string;
  readonly dataAccessUrl: string;
  /** Token endpoint, with its path. */
  readonly tokenUrl: string;
  /** Must be the CN of the client certificate; the client's id at the token server as well. */
  readonly terminalId: string;
  readonly exclusivity: Exclusivity;
  /** The request of an attempt by the terminal's own record, which outlives a restart. */
  readonly recordedRequest: (attemptId: string) => string | null;
  readonly onDenied: (denial: Denial) => void;
  readonly clock?: Clock;
  /** Told the registry's own time with each answer (RFC 9110 section 6.6.1), to a second. */
  readonly onDate?: (wallMs: number) => void;
}

export interface OsiaRegistry extends Registry {
  /** Of this terminal's journal nothing is kept, and it says so. */
  readonly heads: HeadKeeper;
  /** Ends idle and running connections; running calls answer `noAnswer`. */
  close(): Promise<void>;
}

/**
 * The ports over OSIA CMS 1.3.0 and Data Access 1.3.0, as far as those go; `support` says how far. TLS 1.3 with
 * client certificate and bearer token. Throws at once on options that can never work.
 */
export function createOsiaRegistry(options: OsiaRegistryOptions): OsiaRegistry {
  checkOptions(options);
  const { terminalId, exclusivity, clock = systemClock, onDate = () => undefined } = options;
  const tokenUrl = new URL(options.tokenUrl);
  const lines = {
    cms: new Line({ ...options, baseUrl: options.cmsUrl }),
    dataAccess: new Line({ ...options, baseUrl: options.dataAccessUrl }),
  };
  const tokenLine = new Line({ ...options, baseUrl: tokenUrl.origin });
  const tokens = new TokenKeeper({
    line: tokenLine,
    path: tokenUrl.pathname,
    clientId: terminalId,
    clock,
  });
  const call = createOsiaCaller({ lines, tokens, clock, onDenied: options.onDenied, onDate });
  const record = new RequestRecord(call, clock, exclusivity);
  const claims = new Claims(call, record, clock);
  const attempts = new AttemptRequests(options.recordedRequest);
  return {
    support: {
      listByPerson: false,
      exclusiveReservation: exclusivity === 'ifMatch',
      signedPdf: false,
      cardMaterial: true,
      notes: false,
      journalHeads: false,
    },
    claimants: claims,
    requests: requestQueue({ terminalId, exclusivity, record, claims, attempts, clock }),
    documents: documentSource({ terminalId, record, attempts, clock }),
    outcomes: outcomeSink({ terminalId, record, call, clock }),
    heads: { readHeads: () => Promise.resolve(ok({ heads: [], more: false })) },
    close: () => {
      for (const line of [lines.cms, lines.dataAccess, tokenLine]) line.close();
      return Promise.resolve();
    },
  };
}

function checkOptions(options: OsiaRegistryOptions): void {
  for (const base of [options.cmsUrl, options.dataAccessUrl]) {
    const url = new URL(base);
    if (url.protocol !== 'https:' || url.pathname !== '/' || url.username !== '') {
      throw new RangeError('an OSIA base URL must be https://host:port');
    }
  }
  const token = new URL(options.tokenUrl);
  if (token.protocol !== 'https:' || token.username !== '' || token.search !== '') {
    throw new RangeError('the token URL must be https://host:port/path');
  }
  const { subject } = new X509Certificate(options.clientCertPem);
  if (!subject.split('\n').includes(`CN=${options.terminalId}`)) {
    throw new RangeError('the client certificate names another terminal');
  }
}
