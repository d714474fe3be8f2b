import { existsSync } from 'node:fs';
import path from 'node:path';
import { err, ok, type Result } from '../../src/base/result.ts';
import { LabProcess } from '../lab/lab-process.ts';
import { shellAvailable, startShell, whyNoShell } from '../run-shell.ts';
import { lastWords, type Part } from './part.ts';

interface Endpoints {
  readonly citizenSocket: string;
  readonly preview: string | null;
}

/** What shows the citizen's pages. */
export interface Shown extends Part {
  close(): Promise<void>;
}

/** The citizen's screen, or why there can be none and what to use instead. */
export type Screen =
  | { readonly ready: false; readonly reason: string }
  | {
      readonly ready: true;
      /**
       * Completes with the window; null where a person is to open the pages; with a sentence where no window
       * came. `dir` is the folder of this installation.
       */
      readonly show: (endpoints: Endpoints, dir: string) => Promise<Result<Shown | null, string>>;
    };

const BROWSER_INSTEAD = 'try scripts/start --shell=browser';
const CHROMIUM = '/usr/bin/chromium';

/** The kiosk window: Electron on this machine's display. Nothing is downloaded. */
export function openShell(): Screen {
  const found = shellAvailable();
  if (!found.ok)
    return { ready: false, reason: `${whyNoShell(found.error)} Or ${BROWSER_INSTEAD}.` };
  const { electron, display } = found.value;
  return {
    ready: true,
    show: async ({ citizenSocket }) => {
      const started = await startShell({ electron, display, citizenSocket });
      if (!started.ok) {
        const { kind, output } = started.error;
        const became = kind === 'ended' ? 'ended at its start' : 'did not come up in time';
        return err(
          `The kiosk window on display ${display} ${became}; ${BROWSER_INSTEAD}. ${lastWords(output)}`,
        );
      }
      const shell = started.value;
      const close = async (): Promise<void> => {
        await shell.stop();
      };
      return ok({ name: 'The kiosk window', ended: shell.ended, output: shell.output, close });
    },
  };
}

/**
 * The same pages in a browser: a preview, without the kiosk's lock-down. Without a display, or without
 * Chromium, the address is there to be opened by hand.
 */
export function openBrowser(say: (line: string) => void): Screen {
  const display = process.env['DISPLAY'] ?? '';
  const why =
    display === ''
      ? 'There is no display here (DISPLAY is not set)'
      : existsSync(CHROMIUM)
        ? null
        : `${CHROMIUM} is not installed`;
  if (why !== null) {
    return {
      ready: true,
      show: ({ preview }) => {
        say(`${why}: open ${preview ?? ''} in a browser on this machine.`);
        return Promise.resolve(ok(null));
      },
    };
  }
  return {
    ready: true,
    show: ({ preview }, dir) => {
      const browser = new LabProcess([
        CHROMIUM,
        // Chromium has no sandbox as root; this window shows our own loopback pages only.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        // With a profile of its own: else it hands the page to a Chromium that is open already, and ends.
        `--user-data-dir=${path.join(dir, 'browser')}`,
        ...['--disable-background-networking', '--no-first-run', `--app=${preview ?? ''}`],
      ]);
      return Promise.resolve(
        ok({
          name: `The browser on display ${display}`,
          ended: browser.gone,
          output: () => browser.output,
          close: () => browser.end(),
        }),
      );
    },
  };
}
