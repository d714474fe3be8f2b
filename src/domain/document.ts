import * as z from 'zod';

export const documentKindSchema = z.enum(['ktpEl', 'kia', 'kk']);
export type DocumentKind = z.infer<typeof documentKindSchema>;

/** Controlled blanks are counted one by one; plain paper is a supply level. */
export type Media = 'controlledBlank' | 'plainPaper';

export const mediaOf: Readonly<Record<DocumentKind, Media>> = {
  ktpEl: 'controlledBlank',
  kia: 'controlledBlank',
  kk: 'plainPaper',
};

/** KTP-el for citizens, KTP-el for foreign residents, and the chipless child card: never mixed in a feeder. */
export const blankKindSchema = z.enum(['ktpEl', 'ktpElWna', 'kia']);
export type BlankKind = z.infer<typeof blankKindSchema>;

/** One piece of controlled stock. A serial is `read` from the blank, or `expected` from the loaded range. */
export const blankSchema = z.strictObject({
  kind: blankKindSchema,
  batch: z.string(),
  serial: z.string(),
  source: z.enum(['expected', 'read']),
});
export type Blank = z.infer<typeof blankSchema>;

/** `live` exists only where an agency enrolled the terminal; everything else is a specimen. */
export const modeSchema = z.enum(['specimen', 'live']);
export type Mode = z.infer<typeof modeSchema>;
