import * as z from 'zod';

const uidHex = z.string().nullable();

/** What physically happened in the reader, said when the movement has ended. */
export const motorReaderMoveSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('oldCardDrawnIn'), uidHex }),
  z.strictObject({ type: z.literal('oldCardCaptured'), uidHex }),
  /** Back in the mouth of the slot, within the citizen's reach. */
  z.strictObject({ type: z.literal('oldCardReturned'), uidHex }),
  z.strictObject({ type: z.literal('oldCardTaken'), uidHex }),
  z.strictObject({ type: z.literal('slotJammed'), uidHex }),
  /** By a technician's hand: a card found in the path is laid back into the mouth. */
  z.strictObject({ type: z.literal('slotCleared'), uidHex }),
  z.strictObject({ type: z.literal('captureBinEmptied'), uidsHex: z.array(uidHex) }),
]);
export type MotorReaderMove = z.infer<typeof motorReaderMoveSchema>;
