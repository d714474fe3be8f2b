import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { shellAvailable, startShell, whyNoShell } from '../run-shell.ts';

interface Endpoints {
  readonly citizenSocket: string;
  readonly preview: string | null;
}

/** The citizen's screen, or why there is none and what to use instead. */
export type Screen =
  | { readonly ready: false; readonly reason: string; readonly instead: 'browser' | 'none' }
  | {
      readonly ready: true;
      /** Returns what closes it again. */
      readonly show: (endpoints: Endpoints) => Promise<() => Promise<void>>;
    };

const CHROMIUM = '/usr/bin/chromium';

/** The kiosk window: Electron on this machine's display. Nothing is downloaded. */
export function openShell(): Screen {
  const found = shellAvailable();
  if (!found.ok) return { ready: false, reason: whyNoShell(found.error), instead: 'browser' };
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

/** The same pages in a browser: a preview, without the kiosk's lock-down. */
export function openBrowser(): Screen {
  if (process.env['DISPLAY'] === undefined) {
    return {
      ready: false,
      reason: 'There is no display (DISPLAY is not set): open the preview address by hand.',
      instead: 'none',
    };
  }
  if (!existsSync(CHROMIUM)) {
    return { ready: false, reason: `${CHROMIUM} is not installed.`, instead: 'none' };
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
