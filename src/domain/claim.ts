import * as z from 'zod';
import { collectionCodeSchema } from './collection-code.ts';
import { nikSchema } from './nik.ts';

export { authoritySchema, type Authority } from './authority.ts';

/** First factor: something presented. A card read without its SAM proves no more than its UID. */
export const presentedFactorSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('eKtp'),
    nik: nikSchema,
    /** Lower-case hexadecimal. */
    uid: z.string().regex(/^[0-9a-f]{8,20}$/),
    /** `authenticated`: the SAM vouched for the biodata. */
    assurance: z.literal('authenticated'),
  }),
  z.strictObject({ kind: z.literal('code'), code: collectionCodeSchema }),
  z.strictObject({ kind: z.literal('nik'), nik: nikSchema }),
]);
export type PresentedFactor = z.infer<typeof presentedFactorSchema>;

/** Six digits, known to the person who registered. */
export const pinSchema = z.string().regex(/^\d{6}$/);
/** Eight digits, one for each document, dead once the document was handed over. */
export const printCodeSchema = z.string().regex(/^\d{8}$/);

/** Second factor: something known. */
export const knownFactorSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pin'), pin: pinSchema }),
  z.strictObject({ kind: z.literal('printCode'), printCode: printCodeSchema }),
]);
export type KnownFactor = z.infer<typeof knownFactorSchema>;

export type FactorPair = `${PresentedFactor['kind']}+${KnownFactor['kind']}`;

/** What promise 5 allows unless the registry's signed policy says otherwise. */
export const defaultFactorPairs: readonly FactorPair[] = ['eKtp+pin', 'code+printCode', 'nik+pin'];

/** The known factor that goes with a presented one by default; the screen asks for it. */
export const knownFactorFor: Readonly<Record<PresentedFactor['kind'], KnownFactor['kind']>> = {
  eKtp: 'pin',
  code: 'printCode',
  nik: 'pin',
};
