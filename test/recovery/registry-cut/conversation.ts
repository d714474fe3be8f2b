import * as z from 'zod';
import { applyAndApprove, type Approved, type Resident } from '../../../scripts/stack/resident.ts';
import { newId } from '../../../src/base/ids.ts';
import type { Outcome } from '../../../src/domain/attempt.ts';
import { KeptHeadsWatch } from '../../../src/core/kept-heads-watch.ts';
import { owedMessages } from '../../../src/core/owed-messages.ts';
import { parseCollectionCode } from '../../../src/domain/collection-code.ts';
import { decisionEntry } from '../../../src/issuance/resolution.ts';
import { attemptTables } from '../../../src/issuance/attempt-table.ts';
import { openIncidents } from '../../../src/issuance/stock/incidents.ts';
import type { CutWorld } from './cut-world.ts';

/** What befalls the print; each leads to calls that the others do not make. */
export const plots = ['delivered', 'givenBack', 'doubtful', 'unheard'] as const;
export type Plot = (typeof plots)[number];

/** Calls of the registry whose bytes are cut, and in which plot. */
export const calls = [
  ['readHeads', 'delivered'],
  ['verify', 'delivered'],
  ['list', 'delivered'],
  ['reserve', 'delivered'],
  ['printMaterial', 'delivered'],
  ['renew', 'delivered'],
  ['endClaim', 'delivered'],
  ['reportOutcome', 'delivered'],
  ['heartbeat', 'delivered'],
  ['release', 'givenBack'],
  ['hold', 'doubtful'],
  ['correctOutcome', 'doubtful'],
  ['readReservation', 'unheard'],
  ['sendFeedback', 'delivered'],
  ['sendCorrection', 'delivered'],
] as const satisfies readonly (readonly [string, Plot])[];
export type Call = (typeof calls)[number];
export type CallName = Call[0];

const TRIES = 3;
const soon = { deadlineMs: 10_000 };
const requestState = z.looseObject({ state: z.string(), conflicts: z.array(z.unknown()) });

/** What one citizen comes to: session after session until the card is out, and what people decide between. */
export class Conversation {
  readonly #world: CutWorld;
  readonly #approved: Approved;
  readonly #sessions: string[] = [];
  readonly #heads: string[] = [];

  private constructor(world: CutWorld, approved: Approved) {
    this.#world = world;
    this.#approved = approved;
  }

  static async begin(world: CutWorld, child: Resident): Promise<Conversation> {
    const { front } = world;
    const { personId } = child;
    const asked = { personId, documentKind: 'kia', reason: 'lost' } as const;
    return new Conversation(world, await applyAndApprove({ front }, asked));
  }

  /** Returns every promise that does not hold at its end. */
  async run(plot: Plot): Promise<string[]> {
    const world = this.#world;
    const { cabinet } = world.bench;
    cabinet.moves.length = 0;
    if (plot === 'doubtful') cabinet.strike('present', 'jam', 'before');
    // The answers to the first reservation of all never arrive, so that it is read back.
    if (plot === 'unheard') world.deafTo = 'reserve';
    const ends: (Outcome | null)[] = [];
    for (let tried = 0; tried < TRIES && ends.at(-1) !== 'delivered'; tried += 1) {
      ends.push(await this.#session(plot === 'givenBack' && tried === 0));
      await this.#decide();
      // A cut strikes once, so what is still owed arrives. It stays aimed until then: what the outbox has
      // begun to send is yet to be cut.
      await world.untilOutboxEmpty();
      cabinet.disarm();
    }
    return this.#broken(ends);
  }

  async #session(givesUp: boolean): Promise<Outcome | null> {
    const { registry, core, bench } = this.#world;
    await this.#askForHeads();
    const { collectionCode, printCode, requestId } = this.#approved;
    const code = parseCollectionCode(collectionCode);
    if (!code.ok) throw new Error('no collection code was sent');
    const presented = { kind: 'code', code: code.value } as const;
    const known = { kind: 'printCode', printCode } as const;
    const sessionId = newId('ses');
    const pressed = await registry.claimants.verify(
      { presented, known },
      { sessionId },
      { ...soon, idempotencyKey: newId('try') },
    );
    if (!pressed.ok) return null;
    const { claimToken } = pressed.value;
    const listed = await registry.requests.list(claimToken, soon);
    const request = listed.ok ? listed.value.find((one) => one.requestId === requestId) : undefined;
    let outcome: Outcome | null = null;
    if (request?.state === 'siapCetak') {
      const caseId = newId('case');
      const order = { sessionId, caseId, request, claimToken, printCode: null, oldCardHeld: false };
      const attempt = core.issuance.start(order);
      if (givesUp) attempt.cancelBeforeMotion();
      attempt.onProgress((progress) => bench.takeWhenPresented(progress));
      outcome = (await attempt.settled).outcome;
      this.#world.deafTo = null;
    }
    await this.#say(sessionId, requestId);
    await registry.claimants.endClaim(claimToken, { deadlineMs: 5_000 });
    await this.#beat();
    return outcome;
  }

  /** As at each start of core. A cut strikes once, so that the registry is heard at the latest the third time. */
  async #askForHeads(): Promise<void> {
    const { registry, core } = this.#world;
    const watch = new KeptHeadsWatch(core.journal, registry.heads);
    for (let tried = 0; tried < TRIES && watch.finding() === 'unknown'; tried += 1) {
      await watch.ask();
    }
    if (watch.finding() !== 'agrees') this.#heads.push(watch.finding());
  }

  /** What the citizen thinks of it, and that the data are wrong: by the outbox, like the report. */
  async #say(sessionId: string, requestId: string): Promise<void> {
    const enqueue = owedMessages(this.#world.core.journal);
    await enqueue({ kind: 'feedback', element: 'speed', score: 4 }, sessionId);
    await enqueue({ kind: 'correction', requestId }, sessionId);
    this.#sessions.push(sessionId);
  }

  /** Hands the head over, and notes it where that was acknowledged, as core does. */
  async #beat(): Promise<void> {
    const { registry, core, bench } = this.#world;
    const head = await core.journal.checkpoint();
    const answer = await registry.outcomes.heartbeat(
      { terminalId: 'T-1', at: bench.clock.now(), journalHead: head, inService: true },
      soon,
    );
    if (!answer.ok || head === null) return;
    await core.journal.append({
      events: [{ kind: 'registry.headAnchored', size: head.size }],
    });
  }

  /**
   * Two people open the printer and find the card of an uncertain attempt in the bin; of one that nothing
   * moved for they say that the record stands.
   */
  async #decide(): Promise<void> {
    const { core, bench } = this.#world;
    bench.cabinet.hands.clearJam();
    for (const { attemptId, comesTo } of core.book.forPeople()) {
      const entry = decisionEntry(
        { ...core, clock: bench.clock, tables: attemptTables },
        {
          attemptId,
          choice: comesTo === 'uncertain' ? 'foundInBin' : 'recordStands',
          media: 'controlledBlank',
          by: ['per_AAAAAAAAAAAAAAAA', 'per_BBBBBBBBBBBBBBBB'],
          decisionId: null,
        },
      );
      if (!entry.ok) throw new Error(entry.error);
      await core.journal.append(entry.value);
    }
  }

  async #broken(ends: readonly (Outcome | null)[]): Promise<string[]> {
    const { bench, core, front } = this.#world;
    const { requestId } = this.#approved;
    const path = `/front/api/requests/${requestId}`;
    const { state, conflicts } = await front.get(path, requestState);
    const out = bench.cabinet.moves.filter(({ type }) => type === 'cardTaken').length;
    const { difference } = core.stock.balance();
    const told = ends.map((end) => end ?? 'no session').join(', ');
    const notes = this.#sessions.flatMap((sessionId) => this.#world.notesOf(sessionId));
    return [
      ...this.#heads.map((finding) => `the heads that the registry keeps are ${finding}`),
      ...(openIncidents(core.journal.reader).length === 0 ? [] : ['an incident is open']),
      ...(notes.length === 2 * this.#sessions.length
        ? []
        : [`${notes.length} notes came of ${this.#sessions.length} sessions`]),
      ...(out === 1 ? [] : [`${out} originals are out after ${told}`]),
      ...(state === 'diserahkan' ? [] : [`the registry says ${state} after ${told}`]),
      ...(conflicts.length === 0 ? [] : [`${conflicts.length} conflicting reports`]),
      ...(difference === 0 ? [] : [`the ledger differs by ${difference}`]),
      ...(core.book.unsettled().length === 0 ? [] : ['an attempt is left unsettled']),
      ...(core.book.forPeople().length === 0 ? [] : ['an attempt is left for people']),
    ];
  }
}
