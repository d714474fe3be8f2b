import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { CitizenClient } from '../../../scripts/stack/citizen-client.ts';
import { applyAndApprove, type Approved, type Resident } from '../../../scripts/stack/resident.ts';
import { startStack, type Stack, type StackOptions } from '../../../scripts/stack/stack.ts';
import type { Faults } from '../../../src/registry/reference/fault-switches.ts';
import { Citizen, PATIENCE_MS } from './citizen.ts';
import { disagreements } from './agreement.ts';
import { readJournal, settledIn, type SettledAttempt } from './journal-file.ts';
import { untilOutboxEmpty } from './outbox-file.ts';
import { People } from './people.ts';
import { movedSince, ofStock, recordLength } from './physical-record.ts';
import { untilHolds } from './waiting.ts';

/** How long one journey may take, and a stack to start or stop, beside other work. */
export const JOURNEY_MS = 240_000;

const requestState = z.looseObject({ state: z.string() });
type Application = Parameters<typeof applyAndApprove>[1];

/** What moved since a moment, on controlled stock and on paper. */
export interface Moment {
  readonly record: number;
  readonly papers: number;
}

/** A whole specimen installation under test, with the secrets that its citizens came to hold. */
export class Terminal {
  readonly stack: Stack;
  readonly people: People;
  readonly secrets = new Set<string>();
  readonly #clients: CitizenClient[] = [];

  private constructor(stack: Stack, people: People) {
    this.stack = stack;
    this.people = people;
  }

  static async start(
    options: Pick<StackOptions, 'stepMs' | 'fingerSensor' | 'preload'> = {},
  ): Promise<Terminal> {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-jny-'));
    try {
      const stack = await startStack({ dir, stepMs: 20, ...options });
      return new Terminal(stack, await People.of(stack));
    } catch (cause) {
      rmSync(dir, { recursive: true, force: true });
      throw cause;
    }
  }

  async stop(): Promise<void> {
    this.#goAway();
    await this.stack.stop();
    rmSync(this.stack.dir, { recursive: true, force: true });
  }

  /** A person walks up. */
  async citizen(): Promise<Citizen> {
    const client = await CitizenClient.connect(this.stack.core.endpoints.citizenSocket);
    this.#clients.push(client);
    return new Citizen(this.stack, client);
  }

  #goAway(): void {
    for (const client of this.#clients.splice(0)) client.close();
  }

  /** After each test, also a failed one: whoever stands there leaves, and switches are off. */
  async tidy(): Promise<void> {
    await this.setRegistry(NO_TROUBLE);
    await (await this.citizen()).leave();
    this.#goAway();
  }

  /** From application to the message with PIN and codes. */
  async approved(
    subject: Resident,
    application: Omit<Application, 'personId'>,
    applicant: Resident = subject,
  ): Promise<Approved> {
    const approved = await applyAndApprove(this.stack, {
      ...application,
      personId: subject.personId,
      ...(applicant === subject ? {} : { applicantNik: applicant.nik }),
    });
    for (const { nik, name } of [subject, applicant]) {
      this.secrets.add(nik);
      // A name of one short word is also a piece of other words.
      if (name.length >= 8) this.secrets.add(name);
    }
    const { pin, collectionCode, printCode } = approved;
    for (const secret of [pin, collectionCode, printCode]) {
      if (secret !== '') this.secrets.add(secret);
    }
    return approved;
  }

  /** A lost KTP-el of somebody new, ready to print. */
  async lostKtp(): Promise<Approved> {
    return this.approved(this.people.adult(), { documentKind: 'ktpEl', reason: 'lost' });
  }

  async setRegistry(faults: Partial<Faults>): Promise<void> {
    await this.stack.front.post('/front/api/switches', faults);
  }

  /** Completes when the registry has the request in this state: reports go by the outbox. */
  async untilRequest(requestId: string, state: string): Promise<void> {
    await untilHolds(
      () => this.stack.front.get(`/front/api/requests/${requestId}`, requestState),
      (request) => request.state === state,
      PATIENCE_MS,
    );
  }

  /** Completes when every report was delivered, or refused and parked for people. */
  untilOwesNothing(): Promise<void> {
    return untilOutboxEmpty(this.stack.dataDir);
  }

  async now(): Promise<Moment> {
    return { record: await recordLength(this.stack), papers: this.papers().length };
  }

  /** Everything that was printed, fed, presented or captured since then. */
  async movedSince(moment: Moment): Promise<readonly string[]> {
    const stock = ofStock(await movedSince(this.stack, moment.record));
    return [...stock.map(({ type }) => type), ...this.papers().slice(moment.papers)];
  }

  /** The documents that the page printer received, in that order. */
  papers(): readonly string[] {
    const number = (name: string): number => Number.parseInt(name, 10);
    return readdirSync(this.stack.pagePrinter.jobsDir).sort((a, b) => number(a) - number(b));
  }

  settled(requestId: string): SettledAttempt[] {
    return settledIn(readJournal(this.stack.dataDir), requestId);
  }

  /** Where journal and cabinet differ, over the whole life of this installation. */
  async disagreements(unresolved: readonly string[] = []): Promise<string[]> {
    const record = await movedSince(this.stack, 0);
    return disagreements(readJournal(this.stack.dataDir), record, unresolved);
  }
}

const NO_TROUBLE: Faults = {
  registryDown: false,
  slow: false,
  nonsense: false,
  loseNextAnswers: 0,
  denyReservations: false,
  signingDown: false,
  alterOrderByte: false,
  alterPdfByte: false,
  alterPdfByteUnderOrder: false,
  alterField: false,
};
