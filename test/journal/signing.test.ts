import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import { attemptTables } from '../../src/issuance/attempt-table.ts';
import { catalogue, type JournalEvent } from '../../src/journal/catalogue.ts';
import { CheckpointKeeper, MAX_UNSIGNED_MS } from '../../src/journal/chain/checkpoint-keeper.ts';
import { mustSign, signedKinds, signedStates } from '../../src/journal/chain/must-sign.ts';
import { SignerUnavailable, type CheckpointSigner } from '../../src/journal/chain/signer.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import { discard, openFixture, started, temporaryFolder, TERMINAL, touched } from './fixture.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

const root = path.resolve(import.meta.dirname, '../..');

describe('what is never left without a signature', () => {
  it('is every state whose act gives a command that moves media, or writes a chip', () => {
    const moving = Object.values(attemptTables).flatMap((table) =>
      Object.entries(table)
        .filter(([, rule]) => rule.moves !== null || rule.act === 'writeChip')
        .map(([state]) => state),
    );
    expect(new Set(moving).size).toBeGreaterThan(5);
    expect(new Set(moving)).toEqual(signedStates);
  });

  it('is every state whose name says that it is an intent', () => {
    const intents = Object.values(attemptTables)
      .flatMap((table) => Object.keys(table))
      .filter((state) => state.endsWith('Intent'));
    expect(intents.filter((state) => !(signedStates as ReadonlySet<string>).has(state))).toEqual(
      [],
    );
  });

  it('is every event that announces an act, by its own sentence', () => {
    const announcing = catalogue
      .filter((schema) => /\bis to\b/.test(schema.description ?? ''))
      .map((schema) => schema.shape.kind.value);
    expect(announcing).toContain('oldCard.acceptCommanded');
    expect(announcing.filter((kind) => !signedKinds.has(kind))).toEqual([]);
  });

  it('is every outcome, and every act of people on stock, outcomes, people and the record', () => {
    const byPeople = catalogue
      .filter(({ shape }) => 'by' in shape || 'noteSha256' in shape)
      .map(({ shape }) => shape.kind.value)
      // One blank moved by hand follows an act of two people that is signed, in the same commit.
      .filter((kind) => kind !== 'blank.moved');
    expect(byPeople.length).toBeGreaterThan(8);
    expect(byPeople.filter((kind) => !signedKinds.has(kind))).toEqual([]);
    expect(signedKinds.has('attempt.settled')).toBe(true);
  });

  it('names only kinds that there are', () => {
    const kinds = new Set<string>(catalogue.map(({ shape }) => shape.kind.value));
    expect([...signedKinds].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it.each([...signedKinds])('holds %s', (kind) => {
    // The decision looks at the kind alone; a whole event of each is appended elsewhere.
    expect(mustSign({ kind } as unknown as JournalEvent)).toBe(true);
  });

  it('is the same for the verifier that shares no code', () => {
    const script = readFileSync(path.join(root, 'scripts/verify-journal.mjs'), 'utf8');
    const words = (name: string): Set<string> =>
      new Set(new RegExp(`const ${name} = \`([^\`]*)\``).exec(script)?.[1]?.split(/\s+/));
    expect(words('SIGNED_KINDS')).toEqual(signedKinds);
    expect(words('INTENTS')).toEqual(signedStates);
  });
});

describe('in a journal', () => {
  const clock = new FakeClock();
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => discard(folder));

  const which = () => ({
    attemptId: newId('att'),
    sessionId: newId('ses'),
    requestId: newId('req'),
    documentKind: 'ktpEl' as const,
  });

  it.each([...signedStates])('the state %s is committed with a signature over it', async (to) => {
    const { journal, folder: data } = openFixture(folder, clock);
    const ids = which();
    const first = { kind: 'attempt.stateEntered', ...ids, from: null, to: 'claiming' } as const;
    expect((await journal.append({ events: [first] })).head).toBeNull();
    const intent = { kind: 'attempt.stateEntered', ...ids, from: 'claiming', to } as const;
    const { head } = await journal.append({ events: [intent, touched()] });
    expect(head?.size).toBe(3);
    data.close();
  });

  it('no row stays unsigned for more than a minute', async () => {
    const { journal, folder: data } = openFixture(folder, clock);
    const failures: unknown[] = [];
    const keeper = new CheckpointKeeper({ journal, clock, fatal: (cause) => failures.push(cause) });
    await journal.append({ events: [touched()] });
    clock.advance(MAX_UNSIGNED_MS - 1);
    await journal.append({ events: [touched()] });
    expect(journal.head()).toBeNull();
    clock.advance(1);
    await keeper.idle();
    expect(journal.head()?.size).toBe(2);
    clock.advance(10 * MAX_UNSIGNED_MS);
    await keeper.idle();
    expect(journal.verify()).toMatchObject({ checkpoints: 1, signedThrough: 2 });
    await journal.append({ events: [touched()] });
    await keeper.stop();
    clock.advance(10 * MAX_UNSIGNED_MS);
    expect(journal.head()?.size).toBe(2);
    expect(failures).toEqual([]);
    data.close();
  });

  it('rows left unsigned by a run before are signed a minute after the start', async () => {
    const first = openFixture(folder, clock);
    await first.journal.append({ events: [touched()] });
    first.folder.close();
    const { journal, folder: data } = openFixture(folder, clock);
    const keeper = new CheckpointKeeper({ journal, clock, fatal: () => undefined });
    clock.advance(MAX_UNSIGNED_MS);
    await keeper.idle();
    expect(journal.head()?.size).toBe(1);
    await keeper.stop();
    data.close();
  });

  it('nothing is written while the key cannot be used, and the journal goes on when it can', async () => {
    const opened = openFixture(folder, clock);
    const works = { value: false };
    const signer: CheckpointSigner = {
      ...opened.signer,
      sign: (bytes) =>
        works.value ? opened.signer.sign(bytes) : Promise.reject(new SignerUnavailable('gone')),
    };
    const parts = { database: opened.folder.journal, signer, clock, terminalId: TERMINAL };
    const journal = openJournal(parts);
    if (!journal.ok) throw new Error(journal.error.kind);
    const refused = journal.value.journal.append({ events: [started] });
    await expect(refused).rejects.toMatchObject({ kind: 'signerUnavailable' });
    expect(journal.value.journal.size()).toBe(0);
    works.value = true;
    expect((await journal.value.journal.append({ events: [started] })).lastSeq).toBe(1);
    opened.folder.close();
  });
});
