import { describe, expect, it } from '@jest/globals';
import { Announcements, type JournalEventRow } from './process/announcements.ts';

const rowsOf = (...events: readonly JournalEventRow['event'][]): JournalEventRow[] =>
  events.map((event, index) => ({ seq: index + 1, event }));

const begun = (attempt: string) => ({
  kind: 'attempt.stateEntered',
  attemptId: attempt,
  sessionId: `ses of ${attempt}`,
  to: 'claiming',
});
const announced = (attempt: string, command: string) => ({
  kind: 'attempt.stateEntered',
  attemptId: attempt,
  command: { device: 'card-printer', command },
});
const entered = (attempt: string) => ({ kind: 'attempt.stateEntered', attemptId: attempt });
const given = (attempt: string, command: string) => ({
  device: 'card-printer',
  command,
  sessionId: `ses of ${attempt}`,
});

describe('a command that moves media', () => {
  it('is covered by the announcement that its attempt made last, once', () => {
    const rows = rowsOf(begun('A'), announced('A', 'feedBlank'));
    const announcements = new Announcements([]);
    expect(announcements.cover(rows, given('A', 'feedBlank'))).toBe(true);
    expect(announcements.cover(rows, given('A', 'feedBlank'))).toBe(false);
  });

  it('is not covered by what another attempt announced and never did', () => {
    const rows = rowsOf(begun('A'), announced('A', 'feedBlank'), begun('B'));
    expect(new Announcements([]).cover(rows, given('B', 'feedBlank'))).toBe(false);
  });

  it('of recovery, which no session gives, is not covered by an attempt that is settled', () => {
    const settled = { kind: 'attempt.settled', attemptId: 'A' };
    const rows = rowsOf(begun('A'), announced('A', 'rejectCard'), settled);
    const recovered = { ...given('A', 'rejectCard'), sessionId: null };
    expect(new Announcements([]).cover(rows, recovered)).toBe(false);
  });

  it('is not covered by what its own attempt announced before it went on', () => {
    const rows = rowsOf(begun('A'), announced('A', 'printSide'), entered('A'));
    expect(new Announcements([]).cover(rows, given('A', 'printSide'))).toBe(false);
  });

  it('is not covered by the announcement of another command, or for another device', () => {
    const rows = rowsOf(begun('A'), announced('A', 'feedBlank'));
    const announcements = new Announcements([]);
    expect(announcements.cover(rows, given('A', 'printSide'))).toBe(false);
    const elsewhere = { ...given('A', 'feedBlank'), device: 'old-card-slot' };
    expect(announcements.cover(rows, elsewhere)).toBe(false);
  });

  it('is not covered by what was announced in an earlier life of core', () => {
    const before = rowsOf(begun('A'), announced('A', 'rejectCard'));
    const announcements = new Announcements(before);
    expect(announcements.cover(before, given('A', 'rejectCard'))).toBe(false);
    const again = rowsOf(begun('A'), announced('A', 'rejectCard'), announced('A', 'rejectCard'));
    const recovered = { ...given('A', 'rejectCard'), sessionId: null };
    expect(announcements.cover(again, recovered)).toBe(true);
  });

  it.each([
    ['oldCard.acceptCommanded', 'acceptCard', 'oldCard.held'],
    ['oldCard.returnCommanded', 'returnCard', 'oldCard.notReturned'],
  ])('is covered by %s until the slot answered', (kind, command, answer) => {
    const slot = { commandId: 'cmd', sessionId: 'ses', device: 'old-card-slot' };
    const movement = { device: 'old-card-slot', command, sessionId: 'ses' };
    const rows = rowsOf({ kind, ...slot });
    expect(new Announcements([]).cover(rows, movement)).toBe(true);
    const answered = rowsOf({ kind, ...slot }, { kind: answer, ...slot });
    expect(new Announcements([]).cover(answered, movement)).toBe(false);
  });

  it('is covered by the start that found a card in the reader, and by the test card', () => {
    const slot = { device: 'old-card-slot', attemptId: null };
    const found = rowsOf({ kind: 'oldCard.foundAtStart', ...slot });
    const fall = { device: 'old-card-slot', command: 'captureCard', sessionId: null };
    expect(new Announcements([]).cover(found, fall)).toBe(true);
    const intent = { testCardId: 'test', device: 'card-printer', command: 'feedBlank' };
    const ordered = rowsOf({ kind: 'testCard.commanded', ...intent });
    const feed = { device: 'card-printer', command: 'feedBlank', sessionId: null };
    expect(new Announcements([]).cover(ordered, feed)).toBe(true);
    const settled = { kind: 'testCard.settled', testCardId: 'test' };
    expect(new Announcements([]).cover([...ordered, { seq: 2, event: settled }], feed)).toBe(false);
  });
});
