import * as z from 'zod';

/** What a test may ask of the observer inside an Electron under test. */
export type Order =
  | { readonly kind: 'state' }
  /** Runs in the page as if its own code had been taken over. */
  | { readonly kind: 'script'; readonly code: string; readonly gesture: boolean }
  | { readonly kind: 'devtoolsCommand'; readonly method: string; readonly params: object }
  /** A request that comes from the session and not from a page, so that no content policy helps. */
  | { readonly kind: 'fetch'; readonly url: string; readonly method: string }
  /** Control only: throws the window away and opens a fresh one. */
  | { readonly kind: 'freshWindow' };

const boundsSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});

export const stateSchema = z.strictObject({
  windows: z.array(
    z.strictObject({
      id: z.number(),
      url: z.string(),
      bounds: boundsSchema,
      kiosk: z.boolean(),
      fullScreen: z.boolean(),
      minimized: z.boolean(),
      focused: z.boolean(),
      zoom: z.number(),
      devTools: z.boolean(),
      rendererPid: z.number(),
    }),
  ),
  display: boundsSchema,
  processes: z.array(z.strictObject({ type: z.string(), pid: z.number() })),
});
export type ElectronState = z.infer<typeof stateSchema>;

export const noticeSchema = z.strictObject({
  name: z.string(),
  /** A key, an address or a reason. */
  detail: z.string(),
  prevented: z.boolean(),
});
/** Something that Electron told its program. */
export type Notice = z.infer<typeof noticeSchema>;

export const fromInsideSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('notice'), notice: noticeSchema }),
  z.strictObject({ type: z.literal('answer'), id: z.number(), value: z.unknown() }),
  z.strictObject({ type: z.literal('failed'), id: z.number(), error: z.string() }),
]);
