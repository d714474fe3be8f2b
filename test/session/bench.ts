import { Emitter } from '../../src/base/emitter.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { ListedRequest } from '../../src/domain/request.ts';
import type { CommandContext, DeviceProxy } from '../../src/devices/ports.ts';
import type {
  AttemptOrder,
  AttemptProgress,
  AttemptSettlement,
  Issuance,
} from '../../src/issuance/issuance.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Claimant } from '../../src/journal/vault/open-case.ts';
import type { Claim, Registry, RegistryTrouble, VerifyRefusal } from '../../src/registry/ports.ts';
import type { Choice } from '../../src/rpc/citizen.ts';
import type { Screen } from '../../src/rpc/citizen-view.ts';
import type { ServiceStatus } from '../../src/session/context.ts';
import { SessionRunner } from '../../src/session/runner.ts';
import { FakeSlot, OLD_CARD } from './fake-slot.ts';

export const NIK = '9912340101900001';
export const everythingWorks: ServiceStatus = {
  outOfService: null,
  documents: { ktpEl: null, kia: null, kk: null },
  ways: { eKtp: null, code: null, nik: null },
};

export const kkRequest: ListedRequest = {
  requestId: 'req-kk',
  documentKind: 'kk',
  state: 'siapCetak',
  subjectName: 'S*** A*****',
  authority: 'self',
  reason: 'changed',
  blankKind: null,
  oldCard: 'none',
  oldCardUid: null,
  needsPrintCode: false,
  pages: 1,
  issuingOffice: 'Disdukcapil Contoh',
};
export const ktpRequest: ListedRequest = {
  ...kkRequest,
  requestId: 'req-ktp',
  documentKind: 'ktpEl',
  blankKind: 'ktpEl',
  pages: null,
};
export const replacement: ListedRequest = {
  ...ktpRequest,
  reason: 'damaged',
  oldCard: 'toBeCapturedHere',
  oldCardUid: OLD_CARD,
};

const claim: Claim = { claimToken: 'token', claimantName: 'S*** A*****', expiresAt: 0 };

export const delivered: AttemptSettlement = {
  attemptId: 'att_AAAAAAAAAAAAAAAA',
  outcome: 'delivered',
  evidence: 'sensorSaw',
  problem: null,
  triesLeft: null,
  blankSerial: null,
  codeStillCounts: false,
  oldCard: 'notConcerned',
  mayRetryNow: false,
};

interface ReaderEvents {
  cardInserted: object;
  cardRemoved: object;
  codeRead: { payload: string };
}

/** A session with a clock that only the test moves, and a world that answers what the test says. */
export class SessionBench {
  readonly clock = new FakeClock();
  readonly events: JournalEvent[] = [];
  readonly reader = new Emitter<ReaderEvents>();
  readonly orders: AttemptOrder[] = [];
  readonly endedClaims: string[] = [];
  /** The request of each case that was opened, and for whom. */
  readonly openedCases: string[] = [];
  readonly claimants: Claimant[] = [];
  /** Requests whose old card the record has in the bin. */
  readonly capturedOldCards = new Set<string>();
  readonly slot = new FakeSlot();
  /** Kinds that never reach the record: a program that forgets to announce. */
  readonly forgotten = new Set<JournalEvent['kind']>();
  /** While set, the record takes its time. */
  flushing: Promise<void> | null = null;
  readonly messages: unknown[] = [];
  readonly fatal: unknown[] = [];
  /** Answers to come, first first. */
  verify: Result<Claim, VerifyRefusal | RegistryTrouble>[] = [];
  list: ListedRequest[] = [kkRequest];
  /** While set, a card is read so long, as by a driver that heeds that nobody wants it any more. */
  reading: Promise<void> | null = null;
  readCalledBack = false;
  read: unknown = ok({
    assurance: 'authenticated',
    uidHex: '04A1B2C3',
    biodata: { nik: NIK },
  });
  #attempt: {
    progress: (p: AttemptProgress) => void;
    settle: (s: AttemptSettlement) => void;
  } | null = null;
  readonly paperSaid: boolean[] = [];
  readonly runner: SessionRunner;

  constructor(service: ServiceStatus = everythingWorks) {
    const device = (commands: Record<string, (context: CommandContext) => unknown>) =>
      ({
        execute: (name: string, _: unknown, context: CommandContext) =>
          Promise.resolve(commands[name]?.(context)),
        on: (event: keyof ReaderEvents, listener: (payload: never) => void) =>
          this.reader.on(event, listener as (payload: ReaderEvents[typeof event]) => void),
      }) as unknown as DeviceProxy<'cardReader'>;
    const registry = {
      claimants: {
        verify: () => Promise.resolve(this.verify.shift() ?? ok(claim)),
        endClaim: (token: string) => {
          this.endedClaims.push(token);
          return Promise.resolve(ok(undefined));
        },
      },
      requests: { list: () => Promise.resolve(ok(this.list)) },
    } as unknown as Registry;
    this.runner = new SessionRunner(
      {
        terminal: { terminalId: 'T-1', mode: 'specimen' },
        clock: this.clock,
        registry,
        issuance: {
          start: (order: AttemptOrder) => this.#start(order),
          oldCardCaptured: (requestId: string) => this.capturedOldCards.has(requestId),
        } as unknown as Issuance,
        cardReader: device({ readIdentity: ({ signal }) => this.#readUnless(signal) }),
        oldCardSlot: this.slot.proxy(this.events),
        codeScanner: device({}) as unknown as DeviceProxy<'codeScanner'>,
        record: async (events) => {
          await this.flushing;
          this.events.push(...events.filter(({ kind }) => !this.forgotten.has(kind)));
        },
        openCase: (_sessionId, { requestId }, claimant) => {
          this.openedCases.push(requestId);
          this.claimants.push(claimant);
          return Promise.resolve(`case_${String(this.openedCases.length).padStart(16, 'A')}`);
        },
        enqueue: (message) => {
          this.messages.push(message);
          return Promise.resolve();
        },
        fatal: (cause) => this.fatal.push(cause),
      },
      service,
    );
  }

  async #readUnless(signal: AbortSignal | undefined): Promise<unknown> {
    if (this.reading === null) return this.read;
    const calledBack = new Promise((resolve) =>
      signal?.addEventListener('abort', () => {
        this.readCalledBack = true;
        resolve(err({ kind: 'canceled' }));
      }),
    );
    return Promise.race([this.reading.then(() => this.read), calledBack]);
  }

  #start(order: AttemptOrder) {
    this.orders.push(order);
    let settle: (s: AttemptSettlement) => void = () => undefined;
    const settled = new Promise<AttemptSettlement>((resolve) => (settle = resolve));
    const listeners = new Set<(p: AttemptProgress) => void>();
    this.#attempt = {
      progress: (p) => listeners.forEach((listener) => listener(p)),
      settle,
    };
    return {
      attemptId: delivered.attemptId,
      onProgress: (listener: (p: AttemptProgress) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      settled,
      cancelBeforeMotion: () => undefined,
      sayPaper: (taken: boolean) => void this.paperSaid.push(taken),
    };
  }

  get screen(): Screen {
    return this.runner.view().screen;
  }

  get problem(): string | null {
    return this.runner.view().problem?.code ?? null;
  }

  /** Lets every promise that can settle do so. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }

  async choose(choice: Choice): Promise<void> {
    this.runner.choose(this.runner.view().viewId, choice);
    await this.settle();
  }

  async tap(): Promise<void> {
    this.reader.emit('cardInserted', {});
    await this.settle();
  }

  async scan(payload: string): Promise<void> {
    this.reader.emit('codeRead', { payload });
    await this.settle();
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  async progress(progress: AttemptProgress): Promise<void> {
    this.#attempt?.progress(progress);
    await this.settle();
  }

  async settleAttempt(settlement: AttemptSettlement): Promise<void> {
    this.#attempt?.settle(settlement);
    await this.settle();
  }

  /** By NIK and PIN to the list. */
  async signInByNik(): Promise<void> {
    await this.choose({ kind: 'startWay', way: 'nik' });
    await this.choose({ kind: 'submitNik', nik: NIK });
    await this.choose({ kind: 'submitPin', pin: '123456' });
  }

  /** By NIK and PIN to the pressed "print" of one document. */
  async confirm(request: ListedRequest): Promise<void> {
    this.list = [request];
    await this.signInByNik();
    await this.choose({ kind: 'chooseDocument', requestId: request.requestId });
    await this.choose({ kind: 'confirmPrint' });
  }

  refuse(refusal: VerifyRefusal | RegistryTrouble): void {
    this.verify.push(err(refusal));
  }
}
