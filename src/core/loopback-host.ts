/** A Host or Origin that names this machine by a name no DNS answer can move elsewhere. */
export function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host);
}

/** The same of an Origin header; `null`, as sandboxed and file pages send, is nobody. */
export function isLoopbackOrigin(origin: string): boolean {
  const match = /^https?:\/\/(.+)$/.exec(origin);
  return match !== null && isLoopbackHost(match[1]);
}
