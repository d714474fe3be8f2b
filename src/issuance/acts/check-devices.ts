import { assert } from '../../base/assert.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { askSenses, sightOf } from '../card-printer-view.ts';
import { countersWentBack } from '../counter-watch.ts';
import { sensorsOf, type Finding } from '../finding.ts';
import type { Senses } from '../judge/sight.ts';
import { movingMs } from '../longest-attempt.ts';
import { isOutOfPaper } from '../paper-stop.ts';
import { closedKinds } from '../stock/closed-kinds.ts';
import { troubleProblem } from './claim.ts';
import { cancelled, cardOf, needsChip, refusal, reservationDenied } from './prepare.ts';

/** The last look before something moves: the lease, the printer, a blank of the right kind, and the power. */
export async function checkDevices(run: AttemptRun): Promise<Finding> {
  const lease = await ensureLease(run);
  if (typeof lease !== 'number') return lease;
  const finding = run.media === 'plainPaper' ? await checkPaper(run) : await checkCard(run);
  // From the next commit on something may move; a cancel that came meanwhile is still honoured here.
  if (run.cancelled) return cancelled(run);
  if (finding.cause === 'done' && !powerLasts(run))
    return refusal(run, 'powerFailing', 'powerFailing');
  return { ...finding, detail: { ...finding.detail, leaseExpiresAt: lease } };
}

/** Until everything is still again. What the battery had to last for before this is behind us. */
function powerLasts(run: AttemptRun): boolean {
  const { deps, limits, detail } = run;
  const asksFinger = run.media === 'controlledBlank' && asksForFinger(run);
  const neededMs = movingMs(detail.documentKind, limits, asksFinger) + limits.powerReserveMs;
  return deps.power?.suffices(neededMs) ?? true;
}

/** The end of a lease with time left, renewed where it is short; or why nothing may move. */
async function ensureLease(run: AttemptRun): Promise<Finding | number> {
  const { leaseExpiresAt, attemptId } = run.detail;
  assert(leaseExpiresAt !== null, 'nothing is composed without a reservation');
  if (leaseExpiresAt - run.deps.clock.now() > run.limits.leaseReserveMs) return leaseExpiresAt;
  const renewed = await run.deps.registry.requests.renew(attemptId, {
    deadlineMs: run.limits.registryMs,
  });
  if (!renewed.ok) {
    const { error } = renewed;
    return error.kind === 'unknownReservation'
      ? reservationDenied(run)
      : refusal(run, troubleProblem(error), 'leaseNotRenewed');
  }
  const { state, leaseExpiresAt: endsAt } = renewed.value;
  if (state !== 'held') return refusal(run, 'notReadyAnymore', `reservation.${state}`);
  return endsAt > run.deps.clock.now()
    ? endsAt
    : refusal(run, 'registryNoAnswer', 'leaseNotRenewed');
}

async function checkCard(run: AttemptRun): Promise<Finding> {
  const printer = run.deps.devices.cardPrinter;
  if (printer === null) return refusal(run, 'printerTrouble', 'noCardPrinter');
  const { sessionId } = run;
  const status = await printer.execute('getStatus', {}, { sessionId });
  if (!status.ok) return refusal(run, 'printerTrouble', status.error.kind);
  const senses = await askSenses(printer, sessionId);
  if (senses === null) return refusal(run, 'printerTrouble', 'capabilitiesUnknown');
  run.senses = senses;
  run.sight = sightOf(status.value, 'unknown');
  const { state, media, ribbon, rejectBin, feeders, counters } = status.value;
  const events = countersWentBack(run.deps.journal.reader, printer.name, counters);
  if (events.length > 0) return { ...refusal(run, 'printerTrouble', 'countersWentBack'), events };
  if (state !== 'online') return refusal(run, 'printerTrouble', state);
  if (!pathIsClear(media, senses)) return refusal(run, 'printerTrouble', `media.${media}`);
  if (ribbon === 'out') return refusal(run, 'printerTrouble', 'ribbonOut');
  if (senses.rejectBin && (rejectBin === 'full' || rejectBin === 'removed')) {
    return refusal(run, 'printerTrouble', `rejectBin.${rejectBin}`);
  }
  assert(run.card !== null, 'the card is composed');
  if (needsChip(run) && !senses.contactless) return refusal(run, 'printerTrouble', 'noContactless');
  const twoSided = run.card.sides.some(({ side }) => side === 'back');
  if (twoSided && !senses.flip) return refusal(run, 'printerTrouble', 'noFlip');

  const unseen = asksForFinger(run) ? await checkFingerSensor(run) : null;
  if (unseen !== null) return unseen;
  const { blankKind, order } = cardOf(run);
  const closed = closedKinds(run.deps.journal.reader).get(blankKind);
  if (closed !== undefined) return refusal(run, 'printerTrouble', closed);
  const blank = feeders
    .filter((feeder) => feeder.blankKind === blankKind && feeder.level !== 'out')
    .map((feeder) => run.stock.expected(feeder.name, blankKind))
    .find((expected) => expected !== null);
  if (blank === undefined) {
    const others = run.stock.remainingOfOthers(blankKind) > 0;
    const none = run.stock.remaining(blankKind) === 0;
    return refusal(run, none && others ? 'wrongBlanksOnly' : 'blanksOut', 'noBlankOfKind');
  }
  const toCapture = order.oldCard === 'toBeCapturedHere' && run.detail.oldCardFate !== 'captured';
  const capturing = toCapture ? await checkCaptureBin(run) : null;
  if (capturing !== null && 'cause' in capturing) return capturing;
  const { kind, batch, serial, source, place, feeder } = blank;
  return {
    cause: 'done',
    detail: {
      blank: { kind, batch, serial, source, place },
      feeder,
      countersBefore: counters,
      capturedBefore: capturing?.capturedCount ?? null,
    },
    facts: sensorsOf(run.sight),
  };
}

const asksForFinger = (run: AttemptRun): boolean => cardOf(run).order.holderCheck === 'fingerprint';

/** No card is printed for a holder whom nothing here could tell. */
async function checkFingerSensor(run: AttemptRun): Promise<Finding | null> {
  const sensor = run.deps.devices.fingerSensor ?? null;
  if (sensor === null) return refusal(run, 'holderCheckNotPossible', 'noFingerSensor');
  const status = await sensor.execute('getStatus', {}, { sessionId: run.sessionId });
  if (!status.ok) return refusal(run, 'holderCheckNotPossible', status.error.kind);
  const { state } = status.value;
  return state === 'online' ? null : refusal(run, 'holderCheckNotPossible', state);
}

/** `unknown` passes only where the device has no sense for it; nothing seen must contradict an empty path. */
const pathIsClear = (media: string, senses: Senses): boolean =>
  media === 'notPresent' || (media === 'unknown' && !(senses.cardPosition && senses.exitSensor));

async function checkCaptureBin(
  run: AttemptRun,
): Promise<Finding | { readonly capturedCount: number | null }> {
  const reader = run.deps.devices.cardReader;
  if (reader === null) return refusal(run, 'readerTrouble', 'noCardReader');
  const status = await reader.execute('getStatus', {}, { sessionId: run.sessionId });
  if (!status.ok) return refusal(run, 'readerTrouble', status.error.kind);
  const { card, captureBin, capturedCount } = status.value;
  if (card !== 'held') return refusal(run, 'readerTrouble', 'oldCardNotHeld');
  if (captureBin === 'full' || captureBin === 'removed' || captureBin === 'notSupported') {
    return refusal(run, 'readerTrouble', `captureBin.${captureBin}`);
  }
  return { capturedCount };
}

async function checkPaper(run: AttemptRun): Promise<Finding> {
  const printer = run.deps.devices.pagePrinter;
  if (printer === null) return refusal(run, 'printerTrouble', 'noPagePrinter');
  const status = await printer.execute('getStatus', {}, { sessionId: run.sessionId });
  if (!status.ok) return refusal(run, 'printerTrouble', status.error.kind);
  if (isOutOfPaper(status.value)) return refusal(run, 'paperOut', 'mediaEmpty');
  const { state } = status.value;
  if (state !== 'online') return refusal(run, 'printerTrouble', state);
  return { cause: 'done' };
}
