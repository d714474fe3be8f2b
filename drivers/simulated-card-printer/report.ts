import type { CardPrinterStatus } from '../contract/card-printer.ts';
import type { CommonStatus, MediaPosition, SupplyLevel } from '../contract/words.ts';
import type { CardPrinterParts } from './parts.ts';
import type { Profile } from './profiles.ts';

/** At this many or fewer a supply is called low. */
const LOW_BLANKS = 5;
const LOW_PANELS = 20;

/**
 * Where the device believes the card to be: only what its senses show. Without them the answer is
 * `unknown`, also when the transport is in fact empty.
 */
export function mediaOf(parts: CardPrinterParts, profile: Profile): MediaPosition {
  if (parts.jam !== null) return 'jammed';
  if (parts.exit !== null && profile.exitSensor) return 'atExit';
  if (!profile.cardPosition) return 'unknown';
  if (parts.transport !== null) return 'present';
  return profile.exitSensor || parts.lastPresent === 'notPresented' ? 'notPresent' : 'unknown';
}

export function commonStatusOf(
  parts: CardPrinterParts,
  profile: Profile,
  doorOpen: boolean,
): CommonStatus {
  const reasons: string[] = [];
  const binFull =
    profile.rejectBin && parts.rejectBin.length >= parts.binCapacity ? ['rejectBinFull'] : [];
  const retractFull =
    profile.retract && parts.retractBin.length >= parts.binCapacity ? ['retractBinFull'] : [];
  const levels = parts.feeders.map((feeder) => levelOf(feeder.blanks.length, LOW_BLANKS));
  const ribbon = levelOf(parts.ribbonPanelsLeft, LOW_PANELS);
  if (parts.jam !== null) reasons.push('mediaJammed');
  if (doorOpen) reasons.push('doorOpen');
  if (ribbon === 'out') reasons.push('ribbonOut');
  reasons.push(...binFull, ...retractFull);
  if (levels.includes('out')) reasons.push('feederEmpty');
  if (levels.includes('low')) reasons.push('feederLow');
  if (ribbon === 'low') reasons.push('ribbonLow');

  if (parts.jam !== null) return { state: 'hardwareError', reasons, requiredAction: 'clear' };
  if (doorOpen) return { state: 'userError', reasons, requiredAction: 'clear' };
  return {
    state: 'online',
    reasons,
    requiredAction: reasons.some((reason) => !reason.endsWith('Low')) ? 'maintenance' : 'none',
  };
}

export function statusOf(
  parts: CardPrinterParts,
  profile: Profile,
  doorOpen: boolean,
): CardPrinterStatus {
  return {
    ...commonStatusOf(parts, profile, doorOpen),
    media: mediaOf(parts, profile),
    feeders: parts.feeders.map(({ name, blankKind, blanks }) => ({
      name,
      blankKind,
      level: levelOf(blanks.length, LOW_BLANKS),
    })),
    ribbon: levelOf(parts.ribbonPanelsLeft, LOW_PANELS),
    rejectBin: !profile.rejectBin
      ? 'unknown'
      : parts.rejectBin.length >= parts.binCapacity
        ? 'full'
        : 'ok',
    counters: profile.counters ? { ...parts.counters } : null,
  };
}

function levelOf(count: number, low: number): SupplyLevel {
  if (count === 0) return 'out';
  return count <= low ? 'low' : 'full';
}
