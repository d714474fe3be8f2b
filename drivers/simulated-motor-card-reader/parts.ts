import * as z from 'zod';

export const uidHexSchema = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}){4,10}$/)
  .toLowerCase();

export const slotCardSchema = z.strictObject({
  /** null for a card whose chip is dead. */
  uidHex: uidHexSchema.nullable(),
});
export type SlotCard = z.infer<typeof slotCardSchema>;

/** Everything in the reader that one could touch. */
export const motorReaderPartsSchema = z.strictObject({
  /** A card in the mouth of the slot: pushed against the shutter, or given back and not yet taken. */
  mouth: z.strictObject({ ...slotCardSchema.shape, givenBack: z.boolean() }).nullable(),
  held: slotCardSchema.nullable(),
  captureBin: z.array(slotCardSchema),
  binCapacity: z.number().int().positive(),
  jammed: z.boolean(),
});
export type MotorReaderParts = z.infer<typeof motorReaderPartsSchema>;

export function newMotorReaderParts(): MotorReaderParts {
  return { mouth: null, held: null, captureBin: [], binCapacity: 100, jammed: false };
}
