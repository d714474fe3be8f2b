import { statSync } from 'node:fs';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import type { GraveAct } from '../../src/domain/grave-act.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import { coreToStaffSchema, type CoreToStaff } from '../../src/rpc/staff.ts';
import { YES_LIMIT_MS } from '../../src/staff/two-people.ts';
import { PASSWORD, ServedDesk } from '../staff/served-desk.ts';

// Password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const load: GraveAct = {
  action: 'loadStock',
  feeder: 'ktp',
  blankKind: 'ktpEl',
  batch: 'B-1',
  firstSerial: 'KTP-0001',
  count: 5,
};

const clock = new FakeClock();
let served: ServedDesk;
const open = new Set<Client>();

/** A program on the socket: one frame, one answer. */
class Client {
  readonly #socket = net.connect(served.socketPath);
  readonly #answers: ((frame: CoreToStaff) => void)[] = [];
  readonly #send: (frame: unknown) => void;
  readonly closed: Promise<void>;
  #id = 0;

  constructor() {
    open.add(this);
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
    });
    this.#send = attachJsonLines(this.#socket, {
      onFrame: (frame) => this.#answers.shift()?.(coreToStaffSchema.parse(frame)),
      onClose: () => undefined,
    });
  }

  ask(frame: object): Promise<CoreToStaff> {
    this.#id += 1;
    this.#send({ id: this.#id, ...frame });
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  signIn(name: string, word = PASSWORD): Promise<CoreToStaff> {
    return this.ask({ type: 'signIn', name, password: word });
  }

  say(frame: unknown): void {
    this.#send(frame);
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    await this.closed;
    open.delete(this);
  }
}

async function signedInAs(name: string): Promise<Client> {
  const client = new Client();
  expect(await client.signIn(name)).toMatchObject({ type: 'signedIn', name });
  return client;
}

beforeAll(async () => {
  served = await ServedDesk.open(clock);
});
afterAll(async () => {
  for (const client of open) await client.close();
  await served.close();
});

describe('the staff socket', () => {
  it('is open to its owner and group alone', () => {
    expect(statSync(served.socketPath).mode & 0o777).toBe(0o660);
  });

  it('says that there is no account yet, and answers nothing before somebody signed in', async () => {
    const client = new Client();
    expect(await client.signIn('Ani')).toMatchObject({ why: 'noAccounts' });
    for (const [name, role] of [
      ['Tono', 'technician'],
      ['Sari', 'supervisor'],
      ['Ani', 'administrator'],
    ] as const) {
      await served.account(name, role);
    }
    for (const ask of [
      { ask: 'items' },
      { ask: 'proposals' },
      { ask: 'propose', act: load },
      { ask: 'approve', proposalId: 'prop_AAAAAAAAAAAAAAAA', digest: 'a'.repeat(64) },
      { ask: 'decline', proposalId: 'prop_AAAAAAAAAAAAAAAA' },
    ]) {
      expect(await client.ask({ type: 'ask', ask })).toMatchObject({
        type: 'notSignedIn',
        why: 'notSignedIn',
      });
    }
    expect(await client.signIn('Tono', 'salah-salah-salah')).toMatchObject({ why: 'refused' });
    expect(await client.signIn('T'.repeat(61))).toMatchObject({ why: 'refused' });
    expect(await client.signIn('Tono', 'p'.repeat(201))).toMatchObject({ why: 'refused' });
    expect(await client.signIn('Ani')).toMatchObject({ roles: ['administrator'] });
    expect(await client.ask({ type: 'ask', ask: { ask: 'items' } })).toMatchObject({
      refusal: { refused: 'roleMissing' },
    });
  });

  it('loads blanks by two people who each signed in, and by no one alone', async () => {
    const tono = await signedInAs('Tono');
    const sari = await signedInAs('Sari');
    const proposed = await tono.ask({ type: 'ask', ask: { ask: 'propose', act: load } });
    if (proposed.type !== 'answer' || proposed.answer.answer !== 'proposed') {
      throw new Error(JSON.stringify(proposed));
    }
    const { proposalId = '', digest = '' } = proposed.answer.proposal ?? {};
    const approve = { type: 'ask', ask: { ask: 'approve', proposalId, digest } };
    expect(await tono.ask(approve)).toMatchObject({ refusal: { refused: 'samePerson' } });
    const shown = await sari.ask({ type: 'ask', ask: { ask: 'proposals' } });
    expect(shown).toMatchObject({
      answer: { proposals: [{ proposalId, digest, act: load, proposedBy: 'Tono' }] },
    });
    expect(await sari.ask(approve)).toMatchObject({ answer: { answer: 'approved', act: load } });
    expect(await sari.ask(approve)).toMatchObject({ refusal: { refused: 'noSuchProposal' } });
    const again = await tono.ask({ type: 'ask', ask: { ask: 'propose', act: load } });
    expect(again).toMatchObject({
      refusal: { refused: 'notPossible', reason: 'loadedBefore', facts: { serial: 'KTP-0001' } },
    });
    const loaded = served.fixture.journal
      .rows(1, 999)
      .filter(({ event }) => event.kind === 'blank.loaded');
    const by = ['Tono', 'Sari'].map((name) => served.desk.people.findByName(name)?.personId);
    expect(loaded).toMatchObject([{ event: { by, count: 5 } }]);
  });

  it('signs out whoever hangs up', async () => {
    const sari = await signedInAs('Sari');
    const next = new Promise<JournalEvent | undefined>((resolve) => {
      const stop = served.fixture.journal.onAppended(([row]) => {
        stop();
        resolve(row?.event);
      });
    });
    await sari.close();
    expect(await next).toMatchObject({ kind: 'staff.signedOut', reason: 'signedOut' });
  });

  it('keeps no proposal from ending with the connection it was made on', async () => {
    const act = { ...load, firstSerial: 'KTP-0101' };
    const tono = await signedInAs('Tono');
    await tono.ask({ type: 'ask', ask: { ask: 'propose', act } });
    await tono.close();
    expect(served.desk.twoPeople.proposals()).toMatchObject([{ act }]);
    clock.advance(YES_LIMIT_MS);
    expect(served.desk.twoPeople.proposals()).toEqual([]);
  });

  it.each([
    ['a frame of no kind', { type: 'status' }],
    [
      'an act that nobody knows',
      { type: 'ask', id: 1, ask: { ask: 'propose', act: { action: 'printCard' } } },
    ],
    [
      'free text in an act',
      { type: 'ask', id: 1, ask: { ask: 'propose', act: { ...load, batch: 'SITI AMINAH' } } },
    ],
  ])('drops whoever sends %s', async (_what, frame) => {
    const client = new Client();
    client.say(frame);
    await client.closed;
    expect(served.desk.twoPeople.proposals()).toEqual([]);
  });
});
