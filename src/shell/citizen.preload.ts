import { contextBridge, ipcRenderer } from 'electron';
import { BEAT_EVERY_MS, channels } from './channels.ts';

/*
 * The only door between the page and the rest, two functions wide. It checks nothing: whoever took over
 * the page owns this process too, so every check is in the main process.
 */
const isListener = (value: unknown): value is (frame: unknown) => void =>
  typeof value === 'function';
let listener: ((frame: unknown) => void) | null = null;
let last: { readonly frame: unknown } | null = null;

ipcRenderer.on(channels.toPage, (_event, frame: unknown) => {
  last = { frame };
  listener?.(frame);
});

contextBridge.exposeInMainWorld('anjungan', {
  /** One listener at a time; it is called at once with where things stand. */
  subscribe(next: unknown): void {
    if (!isListener(next)) return;
    listener = next;
    if (last !== null) next(last.frame);
  },
  send(frame: unknown): void {
    ipcRenderer.send(channels.toCore, frame);
  },
});

// A page that never yields stops these; the main process then replaces it.
setInterval(() => ipcRenderer.send(channels.beat), BEAT_EVERY_MS);
ipcRenderer.send(channels.hello);
