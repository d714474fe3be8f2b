import type { CardPrinterCapabilities } from '../contract/card-printer.ts';

/** What a machine of the profile can tell and do; its feeders come from its parts. */
export type Profile = Omit<CardPrinterCapabilities, 'feeders'>;

const full: Profile = {
  completedMeans: 'deviceReported',
  exitSensor: true,
  retract: true,
  rejectBin: true,
  rejectCount: true,
  cardPosition: true,
  counters: true,
  flip: true,
  contactless: true,
  serialReader: true,
};

/** A desktop printer: it feeds, prints and drops the card into a tray. */
const bare: Profile = {
  completedMeans: 'deviceReported',
  exitSensor: false,
  retract: false,
  rejectBin: false,
  rejectCount: false,
  cardPosition: false,
  counters: false,
  flip: false,
  contactless: false,
  serialReader: false,
};

/** Machines that differ in what they can tell: each missing sense must lead core to `uncertain`, never to a guess. */
export const profiles = {
  full,
  noExitSensor: { ...full, exitSensor: false },
  noRetract: { ...full, retract: false },
  noRejectBin: { ...full, rejectBin: false, rejectCount: false },
  noRejectCount: { ...full, rejectCount: false },
  noPosition: { ...full, cardPosition: false },
  noCounters: { ...full, counters: false, rejectCount: false },
  noFlip: { ...full, flip: false },
  noContactless: { ...full, contactless: false },
  noSerialReader: { ...full, serialReader: false },
  bare,
  /** The same behind a spooler, which knows of a card only that it handed it on. */
  spooled: { ...bare, completedMeans: 'hostAccepted' },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as ProfileName[];
