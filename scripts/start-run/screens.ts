import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { shellAvailable, startShell, whyNoShell } from '../run-shell.ts';

interface Endpoints {
  readonly citizenSocket: string;
  readonly preview: string | null;
}

/** The citizen's screen, or why there is none and what to use instead. */
export type Screen =
  | { readonly ready: false; readonly reason: string }
  | {
      readonly ready: true;
      /** Returns what closes it again. */
      readonly show: (endpoints: Endpoints) => Promise<() => Promise<void>>;
    };

const CHROMIUM = '/usr/bin/chromium';

/** The kiosk window: Electron on this machine's display. Nothing is downloaded. */
export function openShell(): Screen {
  const found = shellAvailable();
  if (!found.ok) return { ready: false, reason: whyNoShell(found.error) };
  const { electron, display } = found.value;
  return {
    ready: true,
    show: async ({ citizenSocket }) => {
      const started = await startShell({ electron, display, citizenSocket });
      if (!started.ok) throw new Error(`the shell did not start: ${JSON.stringify(started.error)}`);
      return async () => {
        await started.value.stop();
      };
    },
  };
}

/**
 * The same pages in a browser: a preview, without the kiosk's lock-down. Without a display, or without
 * Chromium, the address is there to be opened by hand.
 */
export function openBrowser(say: (line: string) => void): Screen {
  const why =
    process.env['DISPLAY'] === undefined
      ? 'There is no display here (DISPLAY is not set)'
      : existsSync(CHROMIUM)
        ? null
        : `${CHROMIUM} is not installed`;
  if (why !== null) {
    return {
      ready: true,
      show: ({ preview }) => {
        say(`${why}: open ${preview ?? ''} in a browser on this machine.`);
        return Promise.resolve(() => Promise.resolve());
      },
    };
  }
  return {
    ready: true,
    show: ({ preview }) => {
      const flags = ['--disable-background-networking', '--no-first-run', `--app=${preview ?? ''}`];
      // Chromium has no sandbox as root; this window shows our own loopback pages only.
      const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const browser = spawn(CHROMIUM, [...asRoot, ...flags], { stdio: 'ignore' });
      return Promise.resolve(() => {
        browser.kill();
        return Promise.resolve();
      });
    },
  };
}
