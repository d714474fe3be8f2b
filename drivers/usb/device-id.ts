/** As a printer names itself in its IEEE 1284 device id; null where it does not. */
export interface PrinterIdentity {
  readonly maker: string | null;
  readonly model: string | null;
}

/** IEEE 1284 §7.6: `KEY:value;` pairs; long and short names of the maker's and the model's key. */
export function identityOf(deviceId: string): PrinterIdentity {
  const pairs = new Map(
    deviceId.split(';').flatMap((pair): [string, string][] => {
      const colon = pair.indexOf(':');
      return colon < 1
        ? []
        : [[pair.slice(0, colon).trim().toUpperCase(), pair.slice(colon + 1).trim()]];
    }),
  );
  const first = (...keys: readonly string[]): string | null =>
    keys.flatMap((key) => pairs.get(key) ?? []).at(0) ?? null;
  return { maker: first('MFG', 'MANUFACTURER'), model: first('MDL', 'MODEL') };
}

/** What makes it another printer than is wanted, of which null takes any name; null where nothing does. */
export function otherThan(
  wanted: PrinterIdentity,
  deviceId: string,
): 'otherMaker' | 'otherModel' | null {
  const { maker, model } = identityOf(deviceId);
  if (wanted.maker !== null && maker !== wanted.maker) return 'otherMaker';
  return wanted.model !== null && model !== wanted.model ? 'otherModel' : null;
}
