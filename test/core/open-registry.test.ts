import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import { systemClock } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { ok } from '../../src/base/result.ts';
import { DocumentProcess } from '../../src/core/documents/document-process.ts';
import { KeptHeadsWatch } from '../../src/core/kept-heads-watch.ts';
import { openRegistry, type RegistrySettings } from '../../src/core/open-registry.ts';
import { terminalCertPath, terminalKeyPath } from '../../src/registry/reference/pki.ts';
import { keyed, reportFor, reserveByCode, soon } from '../conformance/registry-under-test.ts';
import { discard, openFixture, started, temporaryFolder } from '../journal/fixture.ts';
import { OsiaBench } from '../registry/osia/osia-bench.ts';

const terminalId = 'T-OSIA';
const folder = mkdtempSync(join(tmpdir(), 'anjungan-osia-core-'));
let bench: OsiaBench;
let settings: RegistrySettings;

beforeAll(async () => {
  bench = await OsiaBench.start();
  await bench.terminal(terminalId);
  settings = {
    cmsUrl: bench.server.url,
    dataAccessUrl: bench.server.url,
    tokenUrl: `${bench.server.url}/oauth2/token`,
    exclusivity: 'ifMatch',
    terminalId,
    caPem: readFileSync(bench.pki.rootCert, 'utf8'),
    clientCertPem: readFileSync(terminalCertPath(bench.dir, terminalId), 'utf8'),
    clientKeyPem: readFileSync(terminalKeyPath(bench.dir, terminalId), 'utf8'),
  };
});
afterEach(() => {
  expect(bench.server.faults).toEqual([]);
});
afterAll(async () => {
  await bench.stop();
  rmSync(folder, { recursive: true });
});

const open = () =>
  openRegistry(settings, {
    clock: systemClock,
    onDate: () => undefined,
    onDenied: () => undefined,
    recordedRequest: () => null,
  });

describe('a terminal on an OSIA registry', () => {
  it('finds its record agreeing with a registry that keeps no heads, and is sent none', async () => {
    const path = temporaryFolder();
    const fixture = openFixture(path);
    await fixture.journal.append({ events: [started] });
    const registry = open();
    const watch = new KeptHeadsWatch(fixture.journal, registry.heads);
    await watch.ask();
    expect(watch.finding()).toBe('agrees');
    expect(registry.support.journalHeads).toBe(false);
    await registry.close();
    fixture.folder.close();
    discard(path);
  });

  it('checks and composes a card in the process of the documents, under an order that came by OSIA', async () => {
    const registry = open();
    const documents = new DocumentProcess({
      clock: systemClock,
      settings: {
        registry: settings,
        trust: {
          mode: 'specimen',
          orderKey: JSON.parse(readFileSync(bench.pki.orderPublicKey, 'utf8')) as JWK,
          pdfAnchorsDer: [new X509Certificate(readFileSync(bench.pki.kkCaCert)).raw],
          revocation: 'whenPresent' as const,
          verifyUrl: 'http://127.0.0.1:8080/periksa/',
        },
        socketPath: join(folder, 'documents.sock'),
      },
    });
    const photo = createCanvas(400, 500).toBuffer('image/jpeg').toString('base64');
    const face = { biometricType: 'FACE', mimeType: 'image/jpeg', image: photo };
    const card = bench.ready('ktpEl', (request) => ({ ...request, biometricData: [face] }));
    const { requestId } = card;
    const attemptId = newId('att');
    const { reservation } = await reserveByCode(registry, card, attemptId);
    expect(await documents.fetch(attemptId, { ...soon, requestId })).toEqual(ok(undefined));
    const expected = { mode: 'specimen', terminalId, requestId, attemptId } as const;
    expect(await documents.check({ ...expected, documentKind: 'ktpEl' })).toMatchObject({
      ok: true,
      value: { media: 'controlledBlank', blankKind: 'ktpEl' },
    });
    expect(await documents.compose(attemptId)).toMatchObject({ ok: true });
    expect(
      await registry.outcomes.reportOutcome(reportFor(reservation), null, keyed()),
    ).toMatchObject({ value: { requestState: 'diserahkan' } });
    await documents.close();
    await registry.close();
  }, 60_000);
});
