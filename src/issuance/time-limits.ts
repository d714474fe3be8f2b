/** Time limits of an attempt, in milliseconds of monotonic time. */
export const attemptLimits = {
  /** One answer of the registry; three tries stay below the patience of a screen that says "reserving". */
  registryMs: 10_000,
  /** The signed order with a photo or a PDF of some megabytes. */
  materialMs: 30_000,
  /** Giving back what nothing was printed of; the outbox goes on with it. */
  releaseMs: 3_000,
  /** A lease with less left is renewed before a blank moves. */
  leaseReserveMs: 180_000,
  /** How often a running attempt looks whether its lease is to be renewed. */
  leaseLookMs: 30_000,
  /** How long the citizen's retry after a spoiled blank waits for the registry to have the report. */
  reportMs: 10_000,
  takeReminderMs: 30_000,
  takeMs: 60_000,
  /** How long a jam may take a technician before the attempt ends as uncertain. */
  jamClearMs: 240_000,
  jamPollMs: 1_000,
  /** How long a printed card waits inside for an officer, where no finger told who stands there. */
  waiverMs: 180_000,
  /**
   * A question about sheets that nobody can see ends as "uncertain". The screen shows no limit of its
   * own, so this one is long enough to count a large KK without haste.
   */
  askCitizenMs: 120_000,
  /** Printers that were switched on together with the terminal need this long to answer. */
  deviceStartMs: 60_000,
  deviceStartPollMs: 2_000,
  /**
   * What a battery has to last beyond the longest attempt: its own estimate is coarse and may be some seconds
   * old, the documents' process may have to start, and the machine wants to go down in order.
   */
  powerReserveMs: 120_000,
} as const;

export type AttemptLimits = { readonly [K in keyof typeof attemptLimits]: number };

/** Tries of the reservation under one key before it is read back. */
export const RESERVE_TRIES = 3;
/** Fingers put on the sensor before an officer is called. */
export const HOLDER_TRIES = 4;
/** Spoiled blanks of one request after which no machine starts another attempt. */
export const SPOILED_LIMIT = 3;
