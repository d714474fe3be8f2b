import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { ok } from '../../src/base/result.ts';
import type { DocumentKind } from '../../src/domain/document.ts';
import { listedRequestSchema, type ListedRequest } from '../../src/domain/request.ts';
import { openFileSigner, type CheckpointSigner } from '../../src/journal/chain/signer.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { OutboxSender } from '../../src/journal/outbox/outbox-sender.ts';
import type { Database } from '../../src/store/database.ts';
import { migrationsOf, openDatabase } from '../../src/store/open-database.ts';
import { AttemptBook } from '../../src/issuance/attempt-book.ts';
import { attemptTables } from '../../src/issuance/attempt-table.ts';
import { BlankStock } from '../../src/issuance/blank-stock.ts';
import {
  createIssuance,
  issuanceParts,
  type IssuanceParts,
} from '../../src/issuance/create-issuance.ts';
import { documentChecks, type DocumentChecks } from '../../src/issuance/document-checks.ts';
import type {
  AttemptOrder,
  AttemptProgress,
  AttemptSettlement,
  Issuance,
  RecoverySummary,
} from '../../src/issuance/issuance.ts';
import type { DocumentWorks, IssuanceDeps } from '../../src/issuance/ports.ts';
import type { Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import type { DocumentSource } from '../../src/registry/ports.ts';
import { kiaOf, ktpElOf } from '../documents/sample-people.ts';
import { journalThrough } from '../journal/journal-through.ts';
import { FakeCabinet } from './fake-cabinet.ts';
import { FakeRegistry } from './fake-registry.ts';
import { inProcessDocuments } from './in-process-documents.ts';
import { Life } from './mortal.ts';

/** One card side of zeroes: what is on it is the documents' business. */
const blankSide = {
  side: 'front' as const,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgb: new Uint8Array(1012 * 638 * 3),
};

/** Memory where there is any: a test of thousands of commits is no test of the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const requestOf = (
  documentKind: DocumentKind,
  changes: Partial<ListedRequest> = {},
): ListedRequest =>
  listedRequestSchema.parse({
    requestId: `REQ-${documentKind}`,
    documentKind,
    state: 'siapCetak',
    subjectName: 'S*** R********',
    authority: 'self',
    reason: 'first',
    blankKind: documentKind === 'kk' ? null : documentKind,
    oldCard: 'none',
    oldCardUid: null,
    needsPrintCode: false,
    pages: documentKind === 'kk' ? 2 : null,
    issuingOffice: 'Disdukcapil Contoh',
    ...changes,
  });

/** One run of core over the bench's disk, cabinet and registry. */
export interface Core {
  readonly issuance: Issuance;
  readonly journal: Journal;
  readonly stock: BlankStock;
  readonly book: AttemptBook;
  readonly outbox: OutboxSender;
  readonly life: Life;
  readonly database: Database;
}

export interface CoreOptions {
  readonly life?: Life;
  readonly parts?: Partial<IssuanceParts>;
  readonly deps?: Partial<IssuanceDeps>;
  readonly fingerSensor?: IssuanceDeps['devices']['fingerSensor'];
  /** Whence the material comes; by default from the fake registry. */
  readonly source?: DocumentSource;
  /** Put in the place of the real checks, beside those of the PDF and the dots, which are never real here. */
  readonly checks?: Partial<DocumentChecks>;
  /** Puts faults into what the documents answer. */
  readonly documents?: (works: DocumentWorks) => DocumentWorks;
  /** Drops or alters what is committed: how a fault in the record itself is played. */
  readonly journal?: (journal: Journal) => Journal;
}

export class Bench {
  readonly clock: FakeClock;
  readonly cabinet: FakeCabinet;
  readonly registry: FakeRegistry;
  readonly #folder = mkdtempSync(join(scratch, 'anjungan-issuance-'));
  readonly #signer: CheckpointSigner;
  readonly #terminalId: string;
  readonly #cores: Core[] = [];

  private constructor(
    clock: FakeClock,
    cabinet: FakeCabinet,
    registry: FakeRegistry,
    signer: CheckpointSigner,
    terminalId: string,
  ) {
    this.#terminalId = terminalId;
    this.clock = clock;
    this.cabinet = cabinet;
    this.registry = registry;
    this.#signer = signer;
  }

  static async open(profile?: Profile, terminalId = 'T-1'): Promise<Bench> {
    const keys = mkdtempSync(join(scratch, 'anjungan-keys-'));
    const signer = openFileSigner(keys, { mayCreate: true });
    rmSync(keys, { recursive: true });
    if (!signer.ok) throw new Error(signer.error.kind);
    const clock = new FakeClock();
    const registry = await FakeRegistry.open(clock);
    const bench = new Bench(clock, new FakeCabinet(profile), registry, signer.value, terminalId);
    bench.registry.add(requestOf('ktpEl'), { fields: ktpElOf() });
    bench.registry.add(requestOf('kia'), { fields: kiaOf() });
    bench.registry.add(requestOf('kk'), { pdf: Buffer.from('%PDF-1.7 SPESIMEN') });
    return bench;
  }

  /** Opens the record as a restart does, and loads blanks into cabinet and ledger if there are none. */
  async start(options: CoreOptions = {}): Promise<Core> {
    const { life = new Life(), parts, deps } = options;
    const database = openDatabase(join(this.#folder, 'journal.db'), migrationsOf('journal'));
    if (!database.ok) throw new Error(database.error.kind);
    const opened = openJournal({
      database: database.value,
      signer: this.#signer,
      clock: this.clock,
      terminalId: this.#terminalId,
    });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const { journal } = opened.value;
    const mortal = mortalJournal((options.journal ?? same)(journal), life);
    const registry = this.registry.ports(life);
    const trust = {
      mode: 'specimen' as const,
      orderKey: this.registry.publicJwk,
      pdfAnchorsDer: [],
      verifyUrl: '',
    };
    const issuance = createIssuance(
      {
        mode: 'specimen',
        clock: this.clock,
        journal: mortal,
        registry,
        devices: {
          cardPrinter: this.cabinet.cardPrinter(life),
          pagePrinter: this.cabinet.pagePrinter(life),
          cardReader: this.cabinet.cardReader(life),
          fingerSensor: options.fingerSensor ?? null,
        },
        documents: (options.documents ?? unchanged)(
          inProcessDocuments(options.source ?? registry.documents, {
            ...documentChecks(trust, this.clock),
            checkPdf: () => Promise.resolve(ok(undefined)),
            compose: () => Promise.resolve(ok({ digest: '0'.repeat(64), sides: [blankSide] })),
            ...options.checks,
          }),
        ),
        limits: { deviceStartMs: 0, jamClearMs: 0 },
        ...deps,
      },
      { ...issuanceParts, ...parts },
    );
    const stock = new BlankStock(journal, 'specimen');
    if (stock.balance().loaded === 0) await this.#load(stock);
    const outbox = new OutboxSender({
      journal: mortal,
      clock: this.clock,
      deliver: (item) =>
        life.step(`deliver ${item.message.kind}`, () =>
          Promise.resolve(this.registry.deliver(item.message, issuance)),
        ),
    });
    const book = new AttemptBook(journal, this.clock, attemptTables);
    const core = { issuance, journal, stock, book, outbox, life, database: database.value };
    this.#cores.push(core);
    return core;
  }

  /** Opens, recovers, and starts to send what is owed. */
  async restart(options: CoreOptions = {}): Promise<Core & { readonly recovery: RecoverySummary }> {
    const core = await this.start(options);
    const recovery = await core.issuance.recover();
    core.outbox.start();
    return { ...core, recovery };
  }

  order(request: ListedRequest): AttemptOrder {
    return {
      sessionId: newId('ses'),
      caseId: newId('case'),
      request,
      claimToken: 'claim',
      printCode: null,
      oldCardHeld: this.cabinet.oldCards.held,
    };
  }

  /** One attempt with a citizen who does `onProgress`; by default takes the card at once. */
  async print(
    core: Core,
    request: ListedRequest,
    onProgress: (progress: AttemptProgress, seen: readonly string[]) => void = (progress) =>
      this.takeWhenPresented(progress),
  ): Promise<{ settlement: AttemptSettlement; seen: string[] }> {
    const attempt = core.issuance.start(this.order(request));
    const seen: string[] = [];
    attempt.onProgress((progress) => {
      seen.push(progress.kind === 'step' ? progress.step : progress.kind);
      onProgress(progress, seen);
    });
    const settlement = await attempt.settled;
    await core.outbox.idle();
    return { settlement, seen };
  }

  takeWhenPresented(progress: AttemptProgress): void {
    if (progress.kind === 'presented') this.cabinet.hands.takeCard();
  }

  /** Lets time pass once those who wait have begun to wait. */
  later(ms: number): void {
    setImmediate(() => this.clock.advance(ms));
  }

  /** Ends a run without ceremony, as a cut of power to the computer does. */
  async kill(core: Core): Promise<void> {
    const stopped = core.outbox.stop();
    // What a dead process waits for never comes.
    if (!core.life.isOver) await stopped;
    core.database.close();
    this.#cores.splice(this.#cores.indexOf(core), 1);
  }

  async close(): Promise<void> {
    for (const core of [...this.#cores]) await this.kill(core);
    rmSync(this.#folder, { recursive: true });
  }

  async #load(stock: BlankStock): Promise<void> {
    const loads = [
      { feeder: 'ktp' as const, kind: 'ktpEl' as const, batch: 'B-1', firstSerial: 'KTP-0001' },
      { feeder: 'kia' as const, kind: 'kia' as const, batch: 'B-2', firstSerial: 'KIA-0001' },
    ];
    for (const load of loads) {
      this.cabinet.fill(load.feeder, load.batch, load.firstSerial, 6);
      const loaded = await stock.load({ ...load, count: 6, by: [] });
      if (!loaded.ok) throw new Error(loaded.error.kind);
    }
  }
}

const same = (journal: Journal): Journal => journal;
const unchanged = (works: DocumentWorks): DocumentWorks => works;

/** The journal with a point of death after each commit. */
export const mortalJournal = (journal: Journal, life: Life): Journal =>
  journalThrough(journal, (commit) =>
    life.step((done) => `commit ${done?.entry.events.map(stepName).join('+') ?? ''}`, commit),
  );

const stepName = (event: { kind: string; to?: unknown }): string =>
  event.kind === 'attempt.stateEntered' ? String(event.to) : event.kind;
