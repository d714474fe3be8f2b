import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
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
const noteRow = z.object({ kind: z.string() });

/** A whole registry, a terminal's adapter, and between them a line that can be cut. */
export interface CutLine {
  readonly pki: PkiPaths;
  readonly running: RunningRegistry;
  readonly proxy: CuttingProxy;
  readonly adapter: HttpRegistry;
  /** Kinds of the notes that the registry has of a session. */
  readonly notesOf: (sessionId: string) => readonly string[];
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
  const database = new DatabaseSync(path.join(dataDir, 'registry.db'), { readOnly: true });
  const notes = database.prepare(
    "SELECT kind FROM notes_from_terminals WHERE json_extract(json, '$.sessionId') = ?",
  );
  return {
    pki,
    running,
    proxy,
    adapter,
    notesOf: (sessionId) =>
      z
        .array(noteRow)
        .parse(notes.all(sessionId))
        .map(({ kind }) => kind),
    async stop() {
      database.close();
      await adapter.close();
      await proxy.stop();
      await running.stop();
      rmSync(root, { recursive: true });
    },
  };
}
