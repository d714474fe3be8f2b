import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { assert } from '../../base/assert.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import type { RegistryContext } from './context.ts';
import { openRegistryDatabase } from './database.ts';
import { FaultSwitches } from './fault-switches.ts';
import { createFront } from './front/front.ts';
import { loadIssuing } from './issuing.ts';
import { seedPeople } from './people-table.ts';
import { pkiPaths } from './pki.ts';
import { samplePolicy, type RegistryPolicy } from './policy.ts';
import { Macs } from './secrets.ts';
import { createTerminalApi } from './terminal-api/api.ts';

export interface ReferenceRegistryOptions {
  readonly dataDir: string;
  /** As `createPki` made it. */
  readonly pkiDir: string;
  /** 0: any free port. Both listen on the loopback address alone. */
  readonly port: number;
  readonly frontPort: number;
  readonly clock?: Clock;
  readonly policy?: RegistryPolicy;
}

export interface RunningRegistry {
  /** `https://localhost:…`, for terminals. */
  readonly terminalApiUrl: string;
  /** `http://127.0.0.1:…`, for people and scripts. */
  readonly frontUrl: string;
  readonly faults: FaultSwitches;
  /** Completes when sockets and database are closed. */
  stop(): Promise<void>;
}

/**
 * Starts the reference registry in this process and writes `endpoints.json` into its data folder. The
 * first start fills the folder with synthetic people.
 */
export async function startReferenceRegistry(
  options: ReferenceRegistryOptions,
): Promise<RunningRegistry> {
  const clock = options.clock ?? systemClock;
  const pki = pkiPaths(options.pkiDir);
  const db = openRegistryDatabase(options.dataDir);
  await seedPeople(db, clock.now());
  let frontUrl = '';
  const ctx: RegistryContext = {
    db,
    clock,
    macs: new Macs(options.dataDir),
    policy: options.policy ?? samplePolicy,
    faults: new FaultSwitches(),
    issuing: await loadIssuing(pki),
    verifyBaseUrl: () => frontUrl,
  };
  const api = createTerminalApi(ctx, pki);
  const front = createFront(ctx);
  const frontPort = await listen(front, options.frontPort);
  frontUrl = `http://127.0.0.1:${frontPort}`;
  const terminalApiUrl = `https://localhost:${await listen(api, options.port)}`;
  const endpoints = { terminalApi: terminalApiUrl, front: frontUrl };
  writeFileSync(join(options.dataDir, 'endpoints.json'), `${JSON.stringify(endpoints)}\n`);
  return {
    terminalApiUrl,
    frontUrl,
    faults: ctx.faults,
    stop: async () => {
      await Promise.all([api.close(), front.close()]);
      db.close();
    },
  };
}

async function listen(app: FastifyInstance, port: number): Promise<number> {
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address();
  assert(address !== null && typeof address === 'object', 'a listening server without an address');
  return address.port;
}
