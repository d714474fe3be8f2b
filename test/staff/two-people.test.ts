import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { GraveAct } from '../../src/domain/grave-act.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import type { Role } from '../../src/domain/role.ts';
import type { SignInChannel } from '../../src/journal/events/staff.ts';
import type { Append, Journal } from '../../src/journal/journal.ts';
import { People, type Person } from '../../src/staff/people.ts';
import type { SignInSession } from '../../src/staff/sign-in-sessions.ts';
import { TwoPeople, YES_LIMIT_MS, type Proposal } from '../../src/staff/two-people.ts';
import { loadingDeeds } from './loading-deeds.ts';
import { discard, openFixture, temporaryFolder, type OpenedFixture } from '../journal/fixture.ts';
import { journalThrough } from '../journal/journal-through.ts';

// Flushes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const load: GraveAct = {
  action: 'loadStock',
  feeder: 'ktp',
  blankKind: 'ktpEl',
  batch: 'B-1',
  firstSerial: 'KTP-0001',
  count: 5,
};
const otherLoad: GraveAct = { ...load, count: 500 };

let clock: FakeClock;
let fixture: OpenedFixture;
let people: People;
let two: TwoPeople;
/** Acts that were carried out, as the record has them. */
const done = (): JournalEvent[] => eventsOf().filter(({ kind }) => kind === 'blank.loaded');
let refusal: string | null;

const eventsOf = (): JournalEvent[] => fixture.journal.rows(1, 9_999).map(({ event }) => event);
const kinds = (): string[] =>
  eventsOf()
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('staff.') && kind !== 'staff.personCreated');

function assemble(journal: Journal = fixture.journal): void {
  people = new People(fixture.journal, clock);
  two = new TwoPeople({
    journal,
    clock,
    people,
    deeds: loadingDeeds(() => refusal),
    fatal: (cause) => {
      throw cause;
    },
  });
}

async function person(name: string, ...roles: Role[]): Promise<Person> {
  const made = await people.create({ name, roles, password: 'kunci-yang-panjang' }, null);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

const signedIn = (who: Person, channel: SignInChannel = 'commandLine'): SignInSession => ({
  signInId: newId('sign'),
  person: who,
  channel,
  signedInAtMs: clock.monotonicMs(),
});

async function proposed(by: Person, act: GraveAct = load): Promise<Proposal> {
  const made = await two.propose(act, signedIn(by));
  if (!made.ok || made.value.proposal === null) throw new Error(JSON.stringify(made));
  return made.value.proposal;
}

const refused = (kind: string, more: object = {}) => ({ ok: false, error: { kind, ...more } });

let tono: Person;
let sari: Person;
beforeEach(async () => {
  refusal = null;
  clock = new FakeClock();
  fixture = openFixture(temporaryFolder(), clock);
  assemble();
  tono = await person('Tono', 'technician');
  sari = await person('Sari', 'supervisor');
});
afterEach(() => {
  two.close();
  fixture.folder.close();
  discard(fixture.path);
});

describe('an act that takes two people', () => {
  it('is done with the second yes, and the record names both, how each came, and what it was', async () => {
    const proposal = await proposed(tono);
    expect(done()).toEqual([]);
    const yes = await two.approve(proposal, signedIn(sari, 'staffPage'));
    expect(yes).toEqual({ ok: true, value: load });
    expect(done()).toMatchObject([{ kind: 'blank.loaded', by: [tono.personId, sari.personId] }]);
    expect(eventsOf().filter(({ kind }) => kind.startsWith('staff.act'))).toMatchObject([
      {
        kind: 'staff.actProposed',
        act: load,
        personId: tono.personId,
        channel: 'commandLine',
        digest: proposal.digest,
      },
      {
        kind: 'staff.actApproved',
        proposedBy: tono.personId,
        personId: sari.personId,
        channel: 'staffPage',
        digest: proposal.digest,
      },
    ]);
    expect(two.proposals()).toEqual([]);
  });

  it('stands in one commit with the second yes, signed', async () => {
    const appended: Append[] = [];
    assemble(listening(appended));
    await two.approve(await proposed(tono), signedIn(sari));
    expect(appended.map(({ events }) => events.map(({ kind }) => kind))).toEqual([
      ['staff.actProposed'],
      ['staff.actApproved', 'blank.loaded'],
    ]);
    expect(fixture.journal.head()?.size).toBe(fixture.journal.size());
  });

  it('is not done twice by two who agree at the same moment', async () => {
    const proposal = await proposed(tono);
    const rina = await person('Rina', 'supervisor');
    const both = await Promise.all([
      two.approve(proposal, signedIn(sari)),
      two.approve(proposal, signedIn(rina)),
    ]);
    expect(both.filter(({ ok: good }) => good)).toHaveLength(1);
    expect(done()).toHaveLength(1);
  });

  it('is refused at once where it cannot be, and again with the second yes if it no longer can', async () => {
    refusal = 'loadedBefore';
    const notPossible = refused('notPossible', { reason: 'loadedBefore' });
    expect(await two.propose(load, signedIn(tono))).toEqual(notPossible);
    refusal = null;
    const proposal = await proposed(tono);
    refusal = 'loadedBefore';
    expect(await two.approve(proposal, signedIn(sari))).toEqual(notPossible);
    expect(done()).toEqual([]);
    expect(eventsOf().at(-1)).toMatchObject({
      kind: 'staff.proposalEnded',
      reason: 'notPossible',
      personId: sari.personId,
    });
    refusal = null;
    expect(await two.approve(proposal, signedIn(sari))).toEqual(refused('noSuchProposal'));
  });

  it('may be declined by who could agree, and taken back by who proposed it', async () => {
    const first = await proposed(tono);
    const auditor = await person('Adi', 'auditor');
    expect(await two.decline(first.proposalId, signedIn(auditor))).toEqual(refused('roleMissing'));
    expect(await two.decline(first.proposalId, signedIn(sari))).toMatchObject({ ok: true });
    const second = await proposed(tono);
    expect(await two.decline(second.proposalId, signedIn(tono))).toMatchObject({ ok: true });
    for (const { proposalId, digest } of [first, second]) {
      const late = await two.approve({ proposalId, digest }, signedIn(sari));
      expect(late).toEqual(refused('noSuchProposal'));
    }
    expect(done()).toEqual([]);
  });

  it('is proposed once at a time', async () => {
    const { proposalId } = await proposed(tono);
    expect(await two.propose(load, signedIn(sari))).toEqual(
      refused('proposedBefore', { proposalId }),
    );
  });
});

describe('the same person twice', () => {
  it('is refused, from another sign-in and another channel too', async () => {
    const dina = await person('Dina', 'supervisor', 'technician');
    const proposal = await proposed(dina);
    for (const channel of ['commandLine', 'staffPage', 'technicianPage'] as const) {
      const again = await two.approve(proposal, signedIn(dina, channel));
      expect(again).toEqual(refused('samePerson'));
    }
    expect(done()).toEqual([]);
    expect(await two.approve(proposal, signedIn(sari))).toMatchObject({ ok: true });
  });

  it('is refused under another account whose name reads the same', async () => {
    const proposal = await proposed(tono);
    const twin = { ...sari, name: 'tono.' };
    expect(await two.approve(proposal, signedIn(twin))).toEqual(refused('samePerson'));
    expect(done()).toEqual([]);
    const twice = await people.create(
      { name: 'T O N O', roles: ['supervisor'], password: 'kunci-yang-panjang' },
      null,
    );
    expect(twice).toEqual(refused('nameTaken'));
  });
});

describe('a yes', () => {
  it('counts for five minutes and not a moment longer, whatever the wall clock says', async () => {
    const inTime = await proposed(tono);
    clock.advance(YES_LIMIT_MS - 1);
    clock.setWallClock(clock.now() + 86_400_000);
    expect(await two.approve(inTime, signedIn(sari))).toMatchObject({ ok: true });
    const late = await proposed(tono, otherLoad);
    clock.setWallClock(clock.now() - 86_400_000);
    clock.advance(YES_LIMIT_MS);
    expect(await two.approve(late, signedIn(sari))).toEqual(refused('noSuchProposal'));
    expect(done()).toHaveLength(1);
    await fixture.journal.checkpoint();
    expect(eventsOf().at(-1)).toMatchObject({ kind: 'staff.proposalEnded', reason: 'expired' });
  });

  it('asks for a password given within five minutes', async () => {
    const [early, proposer] = [signedIn(sari), signedIn(tono)];
    clock.advance(YES_LIMIT_MS);
    const proposal = await two.propose(load, proposer);
    if (!proposal.ok || proposal.value.proposal === null) throw new Error('not proposed');
    clock.advance(1);
    expect(await two.approve(proposal.value.proposal, early)).toEqual(refused('signInTooOld'));
    expect(await two.propose(otherLoad, proposer)).toEqual(refused('signInTooOld'));
    expect(done()).toEqual([]);
  });

  it('and the other come of sign-ins within five minutes of each other, fresh though both are', async () => {
    const rina = await person('Rina', 'supervisor');
    const proposer = signedIn(tono);
    clock.advance(YES_LIMIT_MS - 1_000);
    const proposal = await two.propose(load, proposer);
    if (!proposal.ok || proposal.value.proposal === null) throw new Error('not proposed');
    clock.advance(1_000);
    const atTheLimit = signedIn(rina);
    clock.advance(1);
    const beyond = await two.approve(proposal.value.proposal, signedIn(sari));
    expect(beyond).toEqual(refused('signInsTooFarApart'));
    expect(done()).toEqual([]);
    expect(await two.approve(proposal.value.proposal, atTheLimit)).toMatchObject({ ok: true });
  });

  it('is a yes to what was read: not to another proposal, nor to a changed one', async () => {
    const small = await proposed(tono);
    const large = await proposed(tono, otherLoad);
    const swapped = { proposalId: large.proposalId, digest: small.digest };
    expect(await two.approve(swapped, signedIn(sari))).toEqual(refused('contentDiffers'));
    const cut = { proposalId: large.proposalId, digest: large.digest.slice(0, 32) };
    expect(await two.approve(cut, signedIn(sari))).toEqual(refused('contentDiffers'));
    expect(done()).toEqual([]);
    // The same act proposed again is another proposal: a yes to the first is none to the second.
    await two.decline(small.proposalId, signedIn(tono));
    const again = await proposed(tono);
    const stale = { proposalId: again.proposalId, digest: small.digest };
    expect(await two.approve(stale, signedIn(sari))).toEqual(refused('contentDiffers'));
  });

  it('counts only by the account as it is now', async () => {
    const disable = (who: Person): void =>
      void fixture.folder.journal.run(
        'UPDATE people SET disabled = 1 WHERE person_id = ?',
        who.personId,
      );
    const proposal = await proposed(tono);
    const [rina, late] = [await person('Rina', 'supervisor'), signedIn(sari)];
    disable(sari);
    expect(await two.approve(proposal, late)).toEqual(refused('roleMissing'));
    disable(tono);
    expect(await two.approve(proposal, signedIn(rina))).toEqual(
      refused('notPossible', { reason: 'proposerMayNoLonger' }),
    );
    expect(done()).toEqual([]);
  });

  it('is none while somebody else knows the password: whoever makes accounts could be both', async () => {
    const made = await people.create(
      { name: 'Rina', roles: ['supervisor'], password: 'kunci-yang-panjang' },
      tono.personId,
    );
    if (!made.ok) throw new Error(made.error.kind);
    const proposal = await proposed(tono);
    expect(await two.approve(proposal, signedIn(made.value))).toEqual(refused('passwordNotOwn'));
    expect(await two.propose(otherLoad, signedIn(made.value))).toEqual(refused('passwordNotOwn'));
    expect(done()).toEqual([]);
  });

  it('of a role that has no part in it is none', async () => {
    const roles: readonly Role[] = ['administrator', 'auditor', 'reviewer'];
    const proposal = await proposed(tono);
    for (const role of roles) {
      const other = await person(`Si ${role}`, role);
      expect(await two.propose(otherLoad, signedIn(other))).toEqual(refused('roleMissing'));
      expect(await two.approve(proposal, signedIn(other))).toEqual(refused('roleMissing'));
    }
    expect(done()).toEqual([]);
  });
});

it('carries out an act whose second yes is on its way to the disk as core stops', async () => {
  const asked = Promise.withResolvers();
  const goOn = Promise.withResolvers();
  let stopping = false;
  assemble(
    journalThrough(fixture.journal, async (commit) => {
      if (stopping) asked.resolve(undefined);
      await (stopping ? goOn.promise : null);
      await commit();
    }),
  );
  const proposal = await proposed(tono);
  stopping = true;
  const yes = two.approve(proposal, signedIn(sari));
  await asked.promise;
  two.close();
  goOn.resolve(undefined);
  expect(await yes).toEqual({ ok: true, value: load });
  expect(done()).toHaveLength(1);
});

describe('a restart', () => {
  async function restart(): Promise<void> {
    two.close();
    fixture.folder.close();
    fixture = openFixture(fixture.path, clock);
    assemble();
    await two.begin();
  }

  it('ends what waited for a second yes, and the record says so once', async () => {
    const proposal = await proposed(tono);
    await restart();
    expect(await two.approve(proposal, signedIn(sari))).toEqual(refused('noSuchProposal'));
    expect(two.proposals()).toEqual([]);
    expect(done()).toEqual([]);
    await restart();
    expect(kinds()).toEqual(['staff.actProposed', 'staff.proposalEnded']);
    expect(eventsOf().at(-1)).toMatchObject({ reason: 'coreRestarted' });
  });

  it.each([0, 1, 2, 3])(
    'at the commit %i leaves an act done with both yeses or not at all',
    async (k) => {
      assemble(dyingAt(k));
      const dead = (async () => {
        const proposal = await proposed(tono);
        await two.approve(proposal, signedIn(sari));
      })().catch((cause: unknown) => cause);
      const end = await dead;
      expect(end === undefined || (end instanceof Error && end.message === 'power cut')).toBe(true);
      await restart();
      const approved = kinds().filter((kind) => kind === 'staff.actApproved').length;
      expect(done()).toHaveLength(approved);
      // 0 and 1: before and after the proposal. 2 and 3: before and after the yes.
      expect(approved).toBe(k === 3 ? 1 : 0);
      expect(fixture.journal.verify().firstBreak).toBeNull();
    },
  );
});

describe('on plain paper one person', () => {
  const paper: GraveAct = {
    action: 'resolvePaper',
    attemptId: 'att_AAAAAAAAAAAAAAAA',
    choice: 'citizenHolds',
  };

  it('suffices, and the record names that one', async () => {
    expect(await two.propose(paper, signedIn(tono))).toEqual({
      ok: true,
      value: { proposal: null },
    });
    expect(kinds()).toEqual(['staff.actDecided']);
    expect(done()).toMatchObject([{ by: [tono.personId] }]);
  });
});

/** The journal, with every append noted. */
function listening(appended: Append[]): Journal {
  return journalThrough(fixture.journal, async (commit) => {
    const done = await commit();
    if (done !== null) appended.push(done.entry);
  });
}

/** Dies before (even) or after (odd) the commit k / 2. */
function dyingAt(k: number): Journal {
  let commit = 0;
  return journalThrough(fixture.journal, async (write) => {
    const at = commit;
    commit += 2;
    if (at === k) throw new Error('power cut');
    await write();
    if (at + 1 === k) throw new Error('power cut');
  });
}
