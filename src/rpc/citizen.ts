import * as z from 'zod';
import { languageSchema, sessionViewSchema, waySchema } from './citizen-view.ts';

/** What a citizen can do. Text is what the keypad collected; core parses it. */
export const choiceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('startWay'), way: waySchema }),
  z.strictObject({ kind: z.literal('setLanguage'), language: languageSchema }),
  z.strictObject({ kind: z.literal('submitNik'), nik: z.string().max(16) }),
  z.strictObject({ kind: z.literal('submitPin'), pin: z.string().max(6) }),
  z.strictObject({ kind: z.literal('submitPrintCode'), printCode: z.string().max(8) }),
  z.strictObject({ kind: z.literal('chooseDocument'), requestId: z.string().max(64) }),
  z.strictObject({ kind: z.literal('confirmPrint') }),
  z.strictObject({ kind: z.literal('dataWrong') }),
  z.strictObject({ kind: z.literal('back') }),
  z.strictObject({ kind: z.literal('cancel') }),
  z.strictObject({ kind: z.literal('extendTime') }),
  z.strictObject({ kind: z.literal('callOfficer') }),
  z.strictObject({ kind: z.literal('paperTaken') }),
  /** The citizen says that the paper never came, or not whole. */
  z.strictObject({ kind: z.literal('paperMissing') }),
  z.strictObject({ kind: z.literal('repeatPrint') }),
  z.strictObject({ kind: z.literal('another') }),
  z.strictObject({ kind: z.literal('finish') }),
  z.strictObject({ kind: z.literal('rate'), score: z.number().int().min(1).max(4) }),
  z.strictObject({ kind: z.literal('skipRating') }),
]);
export type Choice = z.infer<typeof choiceSchema>;

/** From the shell or the browser preview to core. */
export const citizenToCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choice'), viewId: z.number().int(), choice: choiceSchema }),
  /** The page has painted this view: the watchdog's and the harness's proof. */
  z.strictObject({ type: z.literal('shown'), viewId: z.number().int() }),
]);
export type CitizenToCore = z.infer<typeof citizenToCoreSchema>;

/** From core to the shell. A choice for an older view is answered by the present view again. */
export const coreToCitizenSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('view'), view: sessionViewSchema }),
]);
export type CoreToCitizen = z.infer<typeof coreToCitizenSchema>;
