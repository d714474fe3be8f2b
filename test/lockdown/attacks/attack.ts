import type { Listener } from '../listener.ts';
import type { Notice } from '../inside/protocol.ts';

/** What could be seen after an attack. */
export interface Seen {
  /** What the attack's own script made of it; what it threw as `refused: …`. */
  readonly value: unknown;
  /** Connections and datagrams that reached the listener. */
  readonly heard: number;
  readonly notices: readonly Notice[];
  readonly windows: number;
  /** Visible X windows, native dialogs among them. */
  readonly nativeWindows: number;
  readonly url: string;
  /** The document is still the one that was attacked. */
  readonly sameDocument: boolean;
}

/** Code of a taken-over page. It must get out of the control and not out of the shell. */
export interface ScriptAttack {
  readonly name: string;
  /** The body of an async function in the page; `$url` and `$port` are the listener's. */
  readonly code: string;
  /** With the rights of a page that was just pressed. */
  readonly gesture?: boolean;
  readonly gotOut: (seen: Seen) => boolean;
  /** Why the control cannot show it; the attack then says `no control`. */
  readonly noControl?: string;
  /** Leaves the control with a native dialog, so that it must be started anew. */
  readonly breaksControl?: boolean;
}

export const heard = (seen: Seen): boolean => seen.heard > 0;
export const ran = (seen: Seen): boolean => seen.value === 'ran';
export const dialog = (seen: Seen): boolean => seen.nativeWindows > 1;
export const left = (seen: Seen): boolean => !seen.sameDocument;
export const opened = (seen: Seen): boolean =>
  seen.windows > 1 ||
  seen.value === 'opened' ||
  seen.notices.some((n) => n.name === 'window-created');

export const label = ({ name, noControl }: ScriptAttack): string =>
  noControl === undefined ? name : `${name} (no control: ${noControl})`;

/** What every attack may use: `first(target, ...events)` completes with the first of those events. */
const PRELUDE = `const first = (target, ...names) => new Promise((done) => {
  for (const name of names) target.addEventListener(name, () => done(name), { once: true });
});
const add = (tag, change) => { const element = document.createElement(tag); change(element);
  document.body.append(element); return element; };`;

export const scriptOf = (attack: ScriptAttack, { url, port }: Listener): string =>
  `(async () => { ${PRELUDE} try { ${attack.code.replaceAll('$url', url).replaceAll('$port', String(port))} }
   catch (error) { return 'refused: ' + error; } })()`;

/** Two painted frames and a turn of the loop: what was put off to the next moment has happened. */
export const SETTLE = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const channel = new MessageChannel(); channel.port1.onmessage = () => done(null); channel.port2.postMessage(0); })))`;
