import { Emitter } from '../../src/base/emitter.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { ListedRequest } from '../../src/domain/request.ts';
import type { DeviceProxy } from '../../src/devices/ports.ts';
import type {
  AttemptOrder,
  AttemptProgress,
  AttemptSettlement,
  Issuance,
} from '../../src/issuance/issuance.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Claim, Registry, RegistryTrouble, VerifyRefusal } from '../../src/registry/ports.ts';
import type { Choice } from '../../src/rpc/citizen.ts';
import type { Screen } from '../../src/rpc/citizen-view.ts';
import type { ServiceStatus } from '../../src/session/context.ts';
import { SessionRunner } from '../../src/session/runner.ts';

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
  readonly slotCommands: string[] = [];
  readonly messages: unknown[] = [];
  readonly fatal: unknown[] = [];
  /** Answers to come, first first. */
  verify: Result<Claim, VerifyRefusal | RegistryTrouble>[] = [];
  list: ListedRequest[] = [kkRequest];
  read: unknown = ok({
    assurance: 'authenticated',
    uidHex: '04A1B2C3',
    biodata: { nik: NIK },
  });
  accept: unknown = ok({ uidHex: '04a1b2c3' });
  #attempt: {
    progress: (p: AttemptProgress) => void;
    settle: (s: AttemptSettlement) => void;
  } | null = null;
  readonly paperSaid: boolean[] = [];
  readonly runner: SessionRunner;

  constructor(service: ServiceStatus = everythingWorks) {
    const device = (commands: Record<string, () => unknown>) =>
      ({
        execute: (name: string) => Promise.resolve(commands[name]?.()),
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
        issuance: { start: (order: AttemptOrder) => this.#start(order) } as unknown as Issuance,
        cardReader: device({ readIdentity: () => this.read }),
        oldCardSlot: device({
          acceptCard: () => {
            this.slotCommands.push('acceptCard');
            return this.accept;
          },
          returnCard: () => {
            this.slotCommands.push('returnCard');
            return ok({});
          },
        }),
        codeScanner: device({}) as unknown as DeviceProxy<'codeScanner'>,
        record: (events) => {
          this.events.push(...events);
          return Promise.resolve();
        },
        openCase: () => Promise.resolve('case_AAAAAAAAAAAAAAAA'),
        enqueue: (message) => {
          this.messages.push(message);
          return Promise.resolve();
        },
        fatal: (cause) => this.fatal.push(cause),
      },
      service,
    );
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

  refuse(refusal: VerifyRefusal | RegistryTrouble): void {
    this.verify.push(err(refusal));
  }
}
