import type { Clock } from '../base/clock.ts';
import type { HeadKeeper, Registry } from '../registry/ports.ts';
import { createHttpRegistry, type HttpRegistryOptions } from '../registry/http/http-registry.ts';
import type { Denial } from '../registry/osia/denial.ts';
import { createOsiaRegistry, type OsiaRegistryOptions } from '../registry/osia/osia-registry.ts';
import type { Config } from './config/schema.ts';
import type { TerminalKeys } from './keys.ts';

type OfProcess = 'clock' | 'onDate' | 'onDenied' | 'recordedRequest';

/** What another process can be told of the registry: all of it is data. */
export type RegistrySettings =
  Omit<HttpRegistryOptions, OfProcess> | Omit<OsiaRegistryOptions, OfProcess>;

export interface RegistryUse {
  readonly clock: Clock;
  readonly onDate: (wallMs: number) => void;
  /** Only a registry with tokens denies. */
  readonly onDenied: (denial: Denial) => void;
  /** The request of an attempt, by the terminal's own record. */
  readonly recordedRequest: (attemptId: string) => string | null;
}

export type OpenRegistry = Registry & {
  readonly heads: HeadKeeper;
  /** Ends idle and running connections; running calls answer `noAnswer`. */
  close(): Promise<void>;
};

export function registrySettings(config: Config, keys: TerminalKeys): RegistrySettings {
  const { url, osia } = config.registry;
  const { caPem, clientCertPem, clientKeyPem } = keys;
  const shared = { caPem, clientCertPem, clientKeyPem, terminalId: config.terminal.id };
  return osia === undefined ? { ...shared, baseUrl: url } : { ...shared, cmsUrl: url, ...osia };
}

/** The adapter that the configuration asks for. */
export const openRegistry = (settings: RegistrySettings, use: RegistryUse): OpenRegistry =>
  'cmsUrl' in settings
    ? createOsiaRegistry({ ...settings, ...use })
    : createHttpRegistry({ ...settings, clock: use.clock, onDate: use.onDate });
