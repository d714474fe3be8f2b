import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JWK } from 'jose';
import * as z from 'zod';
import { applyAndApprove, findResidents, type Approved } from '../../../scripts/stack/resident.ts';
import { Web } from '../../../scripts/stack/web.ts';
import { newId } from '../../../src/base/ids.ts';
import { ok } from '../../../src/base/result.ts';
import { deliverTo } from '../../../src/core/delivery.ts';
import { parseCollectionCode } from '../../../src/domain/collection-code.ts';
import { documentChecks } from '../../../src/issuance/document-checks.ts';
import type { AttemptSettlement } from '../../../src/issuance/issuance.ts';
import { OutboxSender } from '../../../src/journal/outbox/outbox-sender.ts';
import { createHttpRegistry, type HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
} from '../../../src/registry/reference/pki.ts';
import { startReferenceRegistry } from '../../../src/registry/reference/start.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Bench, type Core } from '../../issuance/bench.ts';
import { inProcessDocuments } from '../../issuance/in-process-documents.ts';

export interface RaceRun {
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
  readonly originals: number;
  /** How the losers were told. */
  readonly told: Readonly<Record<string, number>>;
}

/** Claims for one request that are held when the race for it begins. */
const CONTENDERS = 5;
const BLANKS = 400;
const soon = { deadlineMs: 60_000 };
const oneSide = ok({
  digest: '0'.repeat(64),
  sides: [
    {
      side: 'front' as const,
      widthDots: 1012 as const,
      heightDots: 638 as const,
      rgb: new Uint8Array(1012 * 638 * 3),
    },
  ],
});

interface Terminal {
  readonly name: string;
  readonly bench: Bench;
  readonly core: Core;
  readonly registry: HttpRegistry;
  readonly sender: OutboxSender;
}

/** Who wants to print one request at once. */
interface Contest {
  readonly approved: Approved;
  readonly contenders: readonly Terminal[];
}

const requestState = z.looseObject({ state: z.string(), conflicts: z.array(z.unknown()) });

/**
 * Runs the race, five terminals a request, and at last all of them for one more. Every terminal's blanks and
 * the registry's states are held against the cards that came out.
 */
export async function runRace(terminals: number, requests: number): Promise<RaceRun> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'anjungan-race-'));
  const [dataDir, pkiDir] = [path.join(root, 'data'), path.join(root, 'pki')];
  mkdirSync(dataDir);
  const names = Array.from({ length: terminals }, (_, index) => `T-${index + 1}`);
  const pki = await createPki(pkiDir, names);
  const running = await startReferenceRegistry({ dataDir, pkiDir, port: 0, frontPort: 0 });
  const front = new Web(running.frontUrl);
  const all: Terminal[] = [];
  const violations: string[] = [];
  const told: Record<string, number> = {};
  let originals = 0;
  const race = async (wave: readonly Contest[]): Promise<void> => {
    for (const [n, settled] of (await Promise.all(wave.map(contest))).entries()) {
      const won = settled.filter(({ outcome }) => outcome === 'delivered').length;
      originals += won;
      const { requestId } = wave[n]?.approved ?? { requestId: '' };
      if (won !== 1) violations.push(`${won} terminals printed ${requestId}`);
      for (const { outcome, problem } of settled) {
        if (outcome === 'delivered') continue;
        told[problem ?? outcome] = (told[problem ?? outcome] ?? 0) + 1;
      }
    }
    for (const { sender } of all) await sender.idle();
    for (const { approved } of wave) {
      const { requestId } = approved;
      const now = await front.get(`/front/api/requests/${requestId}`, requestState);
      if (now.state !== 'diserahkan') violations.push(`${requestId} is ${now.state}`);
      if (now.conflicts.length > 0) violations.push(`${requestId} has conflicting reports`);
    }
  };
  try {
    const orderKey = JSON.parse(readFileSync(pki.orderPublicKey, 'utf8')) as JWK;
    const caPem = readFileSync(pki.rootCert, 'utf8');
    for (const name of names) {
      const registry = createHttpRegistry({
        baseUrl: running.terminalApiUrl,
        terminalId: name,
        caPem,
        clientCertPem: readFileSync(terminalCertPath(pkiDir, name), 'utf8'),
        clientKeyPem: readFileSync(terminalKeyPath(pkiDir, name), 'utf8'),
      });
      all.push(await terminalOf(name, registry, orderKey));
    }
    const query = { minAge: '6', maxAge: '14', relationship: 'ANAK', standing: 'ordinary' };
    const children = await findResidents({ front }, query);
    const apply = (n: number): Promise<Approved> => {
      const child = children[n % children.length];
      if (child === undefined) throw new Error('the registry has no children');
      const { personId } = child;
      return applyAndApprove({ front }, { personId, documentKind: 'kia', reason: 'lost' });
    };
    const side = Math.max(1, Math.floor(terminals / CONTENDERS));
    for (let begun = 0; begun < requests; begun += side) {
      const wave: Contest[] = [];
      for (let n = begun; n < Math.min(begun + side, requests); n += 1) {
        const from = (n - begun) * CONTENDERS;
        const contenders = all.slice(from, from + CONTENDERS);
        wave.push({ approved: await apply(n), contenders });
      }
      await race(wave);
    }
    await race([{ approved: await apply(requests), contenders: all }]);
    for (const { name, core, bench } of all) {
      const out = bench.cabinet.out.length;
      const { counts, difference } = core.stock.balance();
      if (counts.issued !== out) violations.push(`${name} issued ${counts.issued}, ${out} are out`);
      if (difference !== 0) violations.push(`${name}'s ledger differs by ${difference}`);
    }
    const out = all.reduce((sum, { bench }) => sum + bench.cabinet.out.length, 0);
    const raced = requests + 1;
    if (out !== raced) violations.push(`${out} cards are out for ${raced} requests`);
  } finally {
    for (const { sender, bench, registry } of all) {
      await sender.stop();
      await bench.close();
      await registry.close();
    }
    await running.stop();
    rmSync(root, { recursive: true });
  }
  const losers = Object.entries(told).map(([problem, n]) => `${n} ${problem}`);
  const notes = [`${originals} originals; told to those who lost: ${losers.join(', ')}`];
  return { points: requests + 1, violations, notes, originals, told };
}

async function terminalOf(name: string, registry: HttpRegistry, orderKey: JWK): Promise<Terminal> {
  const bench = await Bench.open(undefined, name);
  const trust = {
    mode: 'specimen' as const,
    orderKey,
    pdfAnchorsDer: [],
    revocation: 'whenPresent' as const,
    verifyUrl: '',
  };
  const checks = { ...documentChecks(trust, systemClock), compose: () => Promise.resolve(oneSide) };
  const documents = inProcessDocuments(registry.documents, checks);
  const core = await bench.start({ deps: { registry, documents, clock: systemClock } });
  await core.issuance.recover();
  const firstSerial = `KIA-${name.slice(2).padStart(3, '0')}00000`;
  const load = { feeder: 'kia', kind: 'kia', batch: `B-${name}`, firstSerial } as const;
  bench.cabinet.fill('kia', load.batch, firstSerial, BLANKS);
  const loaded = await core.stock.load({ ...load, count: BLANKS, by: [] });
  if (!loaded.ok) throw new Error(loaded.error.kind);
  const deliver = deliverTo(registry, core.journal, core.issuance);
  const sender = new OutboxSender({ journal: core.journal, clock: systemClock, deliver });
  sender.start();
  return { name, bench, core, registry, sender };
}

/** All hold a claim and have seen the request as ready before the first of them starts. */
async function contest({ approved, contenders }: Contest): Promise<AttemptSettlement[]> {
  const { collectionCode, printCode, requestId } = approved;
  const code = parseCollectionCode(collectionCode);
  if (!code.ok) throw new Error('no collection code was sent');
  const ready = await Promise.all(
    contenders.map(async (terminal) => {
      const { registry } = terminal;
      const sessionId = newId('ses');
      const claim = await registry.claimants.verify(
        { presented: { kind: 'code', code: code.value }, known: { kind: 'printCode', printCode } },
        { sessionId },
        { ...soon, idempotencyKey: newId('try') },
      );
      if (!claim.ok) throw new Error(`no claim: ${claim.error.kind}`);
      const { claimToken } = claim.value;
      const listed = await registry.requests.list(claimToken, soon);
      const request = listed.ok ? listed.value.find((one) => one.requestId === requestId) : null;
      if (request?.state !== 'siapCetak') throw new Error('the request is not ready');
      return { terminal, sessionId, claimToken, request };
    }),
  );
  return Promise.all(
    ready.map(({ terminal: { core, bench }, ...claimed }) => {
      const order = { ...claimed, caseId: newId('case'), printCode: null, oldCardHeld: false };
      const attempt = core.issuance.start(order);
      attempt.onProgress((progress) => bench.takeWhenPresented(progress));
      return attempt.settled;
    }),
  );
}
