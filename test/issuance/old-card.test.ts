import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttemptProgress } from '../../src/issuance/issuance.ts';
import { judgeOldCard, type OldCardScene } from '../../src/issuance/judge/judge-old-card.ts';
import { questions } from '../../src/issuance/questions.ts';
import { Bench, requestOf, type Core, type CoreOptions } from './bench.ts';
import { Life } from './mortal.ts';

const replacement = requestOf('ktpEl', { oldCard: 'toBeCapturedHere', reason: 'damaged' });

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  // The registry goes on asking for the card, as one does that keeps no book of captured cards.
  bench.registry.misorder = (order) => ({ ...order, oldCard: 'toBeCapturedHere' });
});
afterEach(() => bench.close());

/** The slot holds the citizen's card, as a session leaves it before an attempt. */
const hold = (): void => void (bench.cabinet.oldCards.held = true);
const captures = (): number =>
  bench.cabinet.commands.filter((command) => command === 'captureCard').length;
const capturedReports = (): readonly boolean[] =>
  bench.registry.reports.map(({ capturedOldCard }) => capturedOldCard);

describe('the old card of an attempt', () => {
  it('is captured after the holder check and before the new card is within reach', async () => {
    const core = await bench.restart();
    hold();
    const { settlement, seen } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    expect(seen.indexOf('capturingOldCard')).toBeLessThan(seen.indexOf('presented'));
    expect(core.stock.balance().oldCards).toBe(1);
    expect(capturedReports()).toEqual([true]);
  });

  it('that cannot be captured voids the new one, and stays in the slot', async () => {
    const core = await bench.restart();
    hold();
    bench.cabinet.oldCards.faults.push('mediaJammed');
    const { settlement } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({
      outcome: 'spoiled',
      problem: 'readerTrouble',
      oldCard: 'held',
      codeStillCounts: true,
    });
    expect(bench.cabinet.out).toEqual([]);
    expect(core.issuance.oldCardCaptured(replacement.requestId)).toBe(false);
  });

  it('that nobody can find ends the tries by the machine', async () => {
    const core = await bench.restart();
    hold();
    bench.cabinet.oldCards.faults.push('fallsNowhere');
    const { settlement } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({
      outcome: 'spoiled',
      oldCard: 'uncertain',
      mayRetryNow: false,
    });
    expect(core.issuance.oldCardCaptured(replacement.requestId)).toBe(false);
  });
});

describe('an old card that was captured before the new card was spoiled', () => {
  const spoilAfterCapture = async (core: Core): Promise<void> => {
    hold();
    bench.cabinet.strike('present', 'noAnswer', 'before');
    const { settlement } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({
      outcome: 'spoiled',
      oldCard: 'captured',
      codeStillCounts: true,
      mayRetryNow: true,
    });
    expect(captures()).toBe(1);
  };

  const expectNotAskedAgain = async (core: Core): Promise<void> => {
    expect(core.issuance.oldCardCaptured(replacement.requestId)).toBe(true);
    const { settlement, seen } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    expect(seen).not.toContain('capturingOldCard');
    expect(captures()).toBe(1);
    expect(core.stock.balance()).toMatchObject({ difference: 0, oldCards: 1 });
    expect(capturedReports()).toEqual([true, true]);
  };

  it('is not asked for by the next attempt, and the registry is told that it is in the bin', async () => {
    const core = await bench.restart();
    await spoilAfterCapture(core);
    await expectNotAskedAgain(core);
  });

  it('is not asked for after a restart', async () => {
    const core = await bench.restart();
    await spoilAfterCapture(core);
    await bench.kill(core);
    await expectNotAskedAgain(await bench.restart());
  });

  it('stands for no other request', async () => {
    const core = await bench.restart();
    await spoilAfterCapture(core);
    const other = { ...replacement, requestId: 'REQ-other' };
    const known = bench.registry.requests.get(replacement.requestId);
    bench.registry.add(other, { ...(known?.fields ? { fields: known.fields } : {}) });
    expect(core.issuance.oldCardCaptured(other.requestId)).toBe(false);
    const { settlement } = await bench.print(core, other);
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'orderInvalid' });
    expect(core.book.read(settlement.attemptId)?.faultCode).toBe('order.oldCardNotHeld');
  });
});

describe('a run of core that ends while the old card falls', () => {
  /** Dies once the slot has dropped the card and before anybody recorded it. */
  async function dieCapturing(): Promise<void> {
    await bench.kill(await bench.start());
    const rehearsal = new Life();
    const other = await Bench.open();
    other.registry.misorder = bench.registry.misorder;
    other.cabinet.oldCards.held = true;
    const dry = await other.start({ life: rehearsal });
    // Recovery of an empty record would take the held card for one left by somebody.
    other.cabinet.oldCards.held = false;
    await dry.issuance.recover();
    other.cabinet.oldCards.held = true;
    await other.print(dry, replacement);
    await other.close();
    const at = rehearsal.points.findIndex((name) => name === 'cardReader.captureCard');
    const life = new Life(at);
    const core = await bench.start({ life });
    await core.issuance.recover();
    hold();
    const attempt = core.issuance.start(bench.order(replacement));
    attempt.onProgress((progress: AttemptProgress) => bench.takeWhenPresented(progress));
    await life.ended;
    await bench.kill(core);
    expect(bench.cabinet.oldCards).toMatchObject({ held: false, captured: 1 });
  }

  const recovered = async (options: CoreOptions = {}): Promise<Core> => {
    const core = await bench.restart(options);
    expect(core.recovery.byOutcome).toMatchObject({ spoiled: 1 });
    await core.outbox.idle();
    return core;
  };

  it('finds it in the bin at the next start, counts it, and asks for it no more', async () => {
    await dieCapturing();
    const core = await recovered();
    expect(core.stock.balance().oldCards).toBe(1);
    expect(capturedReports()).toEqual([true]);
    const { settlement } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    expect(captures()).toBe(1);
  });

  it('waits for a slot that starts more slowly than core before it says where the card is', async () => {
    await dieCapturing();
    const slow = { device: 'cardReader', command: 'getStatus', what: 'unreachable' } as const;
    bench.cabinet.interfere({ ...slow, times: 1 });
    bench.later(2_000);
    const limits = { deviceStartMs: 60_000, deviceStartPollMs: 2_000, jamClearMs: 0 };
    const core = await recovered({ deps: { limits } });
    expect(core.stock.balance().oldCards).toBe(1);
    expect(core.issuance.oldCardCaptured(replacement.requestId)).toBe(true);
  });

  it('mutant "recovery looks at the new card alone" asks for a card that nobody has any more', async () => {
    await dieCapturing();
    const blind = { ...questions, whereAreBothCards: questions.isCardInside };
    const core = await recovered({ parts: { questions: blind } });
    const { settlement } = await bench.print(core, replacement);
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'orderInvalid' });
  });
});

describe('where the old card is, after it was told to fall', () => {
  const status = (
    card: NonNullable<OldCardScene['status']>['card'],
    capturedCount: number | null,
  ): OldCardScene['status'] => ({ card, capturedCount });

  it.each<[string, OldCardScene, ReturnType<typeof judgeOldCard>]>([
    [
      'counted one more',
      { answered: false, capturedBefore: 3, status: status('notPresent', 4) },
      'captured',
    ],
    [
      'counted none more, whatever was answered',
      { answered: true, capturedBefore: 3, status: status('notPresent', 3) },
      'uncertain',
    ],
    [
      'counted two more',
      { answered: true, capturedBefore: 3, status: status('notPresent', 5) },
      'uncertain',
    ],
    [
      'not counted, and the command ended well',
      { answered: true, capturedBefore: null, status: status('notPresent', null) },
      'captured',
    ],
    [
      'not counted, and nobody heard the end',
      { answered: false, capturedBefore: null, status: status('notPresent', null) },
      'uncertain',
    ],
    [
      'still in the slot, whatever was counted',
      { answered: true, capturedBefore: 3, status: status('held', 4) },
      'held',
    ],
    ['a slot that does not say', { answered: false, capturedBefore: 3, status: null }, 'uncertain'],
  ])('%s', (_, scene, fate) => {
    expect(judgeOldCard(scene)).toBe(fate);
  });
});
