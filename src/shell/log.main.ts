/**
 * One JSON line on standard error, which the service's journal keeps. Only names of events, counts and
 * URL schemes may be logged: a page that was taken over could put what a citizen typed into an address.
 */
export function log(
  event: string,
  detail: Readonly<Record<string, string | number | boolean>> = {},
): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...detail })}\n`);
}

/** The scheme of an address, all of it that may be logged. */
export function schemeOf(url: string): string {
  const end = url.indexOf(':');
  return end === -1 ? 'none' : url.slice(0, Math.min(end, 32));
}
