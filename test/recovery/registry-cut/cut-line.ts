import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../../src/base/clock.ts';
import { createHttpRegistry, type HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
  type PkiPaths,
} from '../../../src/registry/reference/pki.ts';
import { samplePolicy } from '../../../src/registry/reference/policy.ts';
import {
  startReferenceRegistry,
  type RunningRegistry,
} from '../../../src/registry/reference/start.ts';
import { CuttingProxy } from './cutting-proxy.ts';

const TERMINAL = 'T-1';

/** A whole registry, a terminal's adapter, and between them a line that can be cut. */
export interface CutLine {
  readonly pki: PkiPaths;
  readonly running: RunningRegistry;
  readonly proxy: CuttingProxy;
  readonly adapter: HttpRegistry;
  stop(): Promise<void>;
}

export async function startCutLine(clock: Clock, leaseMs: number): Promise<CutLine> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'anjungan-cut-'));
  const [dataDir, pkiDir] = [path.join(root, 'data'), path.join(root, 'pki')];
  mkdirSync(dataDir);
  const pki = await createPki(pkiDir, [TERMINAL]);
  const running = await startReferenceRegistry({
    dataDir,
    pkiDir,
    port: 0,
    frontPort: 0,
    clock,
    policy: { ...samplePolicy, leaseMs },
  });
  const proxy = await CuttingProxy.start(running.terminalApiUrl);
  const adapter = createHttpRegistry({
    baseUrl: proxy.url,
    terminalId: TERMINAL,
    caPem: readFileSync(pki.rootCert, 'utf8'),
    clientCertPem: readFileSync(terminalCertPath(pkiDir, TERMINAL), 'utf8'),
    clientKeyPem: readFileSync(terminalKeyPath(pkiDir, TERMINAL), 'utf8'),
    clock,
  });
  return {
    pki,
    running,
    proxy,
    adapter,
    async stop() {
      await adapter.close();
      await proxy.stop();
      await running.stop();
      rmSync(root, { recursive: true });
    },
  };
}
