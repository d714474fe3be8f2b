import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';
import * as z from 'zod';
import { findResidents, type Resident } from '../../../scripts/stack/resident.ts';
import { Web } from '../../../scripts/stack/web.ts';
import { err, ok } from '../../../src/base/result.ts';
import { deliverTo } from '../../../src/core/delivery.ts';
import { documentChecks } from '../../../src/issuance/document-checks.ts';
import { OutboxSender } from '../../../src/journal/outbox/outbox-sender.ts';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import { inProcessDocuments } from '../../issuance/in-process-documents.ts';
import { Bench, type Core } from '../../issuance/bench.ts';
import { startCutLine, type CutLine } from './cut-line.ts';
import type { CuttingProxy } from './cutting-proxy.ts';

const FASTER = 20;
/** Below what a lease must have left before a blank moves, so that every session renews. */
const LEASE_MS = 100_000;
const BLANKS = 500;
/** Applicants get their PIN once; hashing one takes longer than all the rest of a session. */
const FAMILIES = 24;
const countRow = z.strictObject({ n: z.number().int() });

/** Wraps each port of the registry; `around` sees the name and carries the call out. */
export type Around = <T>(name: string, carryOut: () => Promise<T>) => Promise<T>;

const unheard = err({ kind: 'noAnswer' });

const blankSide = {
  side: 'front' as const,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgb: new Uint8Array(1012 * 638 * 3),
};

/** One run of core at one end of a line that can be cut, and a whole registry at the other. */
export class CutWorld {
  readonly bench: Bench;
  readonly front: Web;
  readonly proxy: CuttingProxy;
  readonly registry: HttpRegistry;
  readonly core: Core;
  readonly children: readonly Resident[];
  /** A call whose answers the terminal never hears, though it is carried out. */
  deafTo: string | null = null;
  readonly #sender: OutboxSender;
  readonly #line: CutLine;
  readonly #pump: NodeJS.Timeout;
  #loads = 0;

  private constructor(
    parts: Pick<CutWorld, 'bench' | 'front' | 'proxy' | 'registry' | 'core' | 'children'>,
    own: {
      readonly sender: OutboxSender;
      readonly line: CutLine;
      readonly pump: NodeJS.Timeout;
    },
  ) {
    this.bench = parts.bench;
    this.front = parts.front;
    this.proxy = parts.proxy;
    this.registry = parts.registry;
    this.core = parts.core;
    this.children = parts.children;
    this.#sender = own.sender;
    this.#line = own.line;
    this.#pump = own.pump;
  }

  static async start(around: Around): Promise<CutWorld> {
    const bench = await Bench.open();
    const { clock } = bench;
    const line = await startCutLine(clock, LEASE_MS);
    const { pki, running, proxy, adapter } = line;
    let world: CutWorld | null = null;
    const registry = surrounded(adapter, async (name, carryOut) => {
      const answer = await around(name, carryOut);
      return world?.deafTo === name ? (unheard as typeof answer) : answer;
    });
    const trust = {
      mode: 'specimen' as const,
      orderKey: JSON.parse(readFileSync(pki.orderPublicKey, 'utf8')) as JWK,
      pdfAnchorsDer: [],
      revocation: 'whenPresent' as const,
      verifyUrl: '',
    };
    const composed = ok({ digest: '0'.repeat(64), sides: [blankSide] });
    const documents = inProcessDocuments(registry.documents, {
      ...documentChecks(trust, clock),
      compose: () => Promise.resolve(composed),
    });
    const core = await bench.start({ deps: { registry, documents } });
    await core.issuance.recover();
    const deliver = deliverTo(registry, core.journal, core.issuance);
    const sender = new OutboxSender({ journal: core.journal, clock, deliver });
    sender.start();
    const front = new Web(running.frontUrl);
    const query = { minAge: '6', maxAge: '14', relationship: 'ANAK', standing: 'ordinary' };
    const children = (await findResidents({ front }, query)).slice(0, FAMILIES);
    const pump = setInterval(() => clock.advance(FASTER), 1);
    const parts = { bench, front, proxy, registry, core, children };
    world = new CutWorld(parts, { sender, line, pump });
    return world;
  }

  /** What the registry was told of a session beside reports: feedback and corrections. */
  notesOf(sessionId: string): readonly string[] {
    return this.#line.notesOf(sessionId);
  }

  /** What a technician does between citizens: a new ribbon, empty bins, a full feeder. */
  async tend(): Promise<void> {
    const { cabinet } = this.bench;
    const { parts, hands } = cabinet;
    hands.replaceRibbon();
    for (const bin of ['reject', 'retract'] as const) hands.emptyBin(bin);
    if ((parts.feeders.find(({ name }) => name === 'kia')?.blanks.length ?? 0) > 3) return;
    this.#loads += 1;
    const firstSerial = `KIA-${this.#loads * 1_000_000}`;
    const load = {
      feeder: 'kia',
      kind: 'kia',
      batch: `B-${this.#loads + 2}`,
      firstSerial,
    } as const;
    cabinet.fill('kia', load.batch, firstSerial, BLANKS);
    const loaded = await this.core.stock.load({ ...load, count: BLANKS, by: [] });
    if (!loaded.ok) throw new Error(loaded.error.kind);
  }

  /** Completes when the registry was told everything; fails where it is not in an hour of the terminal's time. */
  async untilOutboxEmpty(): Promise<void> {
    const endsAt = this.bench.clock.monotonicMs() + 3_600_000;
    this.#sender.tryNow();
    for (;;) {
      await this.#sender.idle();
      const waiting = this.core.database.get(
        countRow,
        "SELECT count(*) AS n FROM outbox WHERE state = 'waiting'",
      );
      if (waiting?.n === 0) return;
      if (this.bench.clock.monotonicMs() > endsAt) throw new Error('the outbox does not drain');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async stop(): Promise<void> {
    await this.#sender.stop();
    clearInterval(this.#pump);
    await this.bench.close();
    await this.#line.stop();
  }
}

function surrounded(adapter: HttpRegistry, around: Around): HttpRegistry {
  const wrap = <P extends object>(port: P): P =>
    Object.fromEntries(
      Object.entries(port).map(
        ([name, call]: [string, (...args: unknown[]) => Promise<unknown>]) => [
          name,
          (...args: unknown[]) => around(name, () => call(...args)),
        ],
      ),
    ) as P;
  return {
    ...adapter,
    claimants: wrap(adapter.claimants),
    requests: wrap(adapter.requests),
    documents: wrap(adapter.documents),
    outcomes: wrap(adapter.outcomes),
    heads: wrap(adapter.heads),
  };
}
