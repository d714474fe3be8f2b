import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lastWords } from '../../scripts/start-run/part.ts';
import { openBrowser, openShell, type Shown } from '../../scripts/start-run/screens.ts';

jest.setTimeout(60_000);

const before = { ...process.env };
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'anj-screens-'));
  process.env['DISPLAY'] = ':77';
});
afterEach(() => {
  process.env = { ...before };
  rmSync(dir, { recursive: true, maxRetries: 5 });
});

/** Has a shell script stand for Electron. */
function electronIs(script: string): void {
  const folder = path.join(dir, 'electron');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'electron'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = folder;
}

const show = (screen = openShell()) => {
  if (!screen.ready) throw new Error(screen.reason);
  const endpoints = { citizenSocket: path.join(dir, 'none.sock'), preview: 'http://127.0.0.1:9/' };
  return screen.show(endpoints, dir);
};

async function shown(screen = openShell()): Promise<Shown> {
  const window = await show(screen);
  if (!window.ok || window.value === null) throw new Error('no window');
  return window.value;
}

const STARTED = `echo '{"event":"started"}' >&2`;

describe('the kiosk window of a start by hand', () => {
  it('is there until it ends by itself, and what it said last is kept', async () => {
    electronIs(`${STARTED}; echo 'GPU process lost' >&2; exit 3`);
    const window = await shown();
    expect(await window.ended).toBe(3);
    expect(`${window.name} ended. ${lastWords(window.output())}`).toBe(
      'The kiosk window ended. It said last: GPU process lost',
    );
  });

  it('is closed by its end of ours', async () => {
    electronIs(`${STARTED}; exec sleep 600`);
    const window = await shown();
    await window.close();
    expect(await window.ended).toBe(null);
  });

  it('that cannot be run at all is a sentence too', async () => {
    electronIs('');
    process.env['PATH'] = dir;
    const window = await show();
    if (window.ok) throw new Error('there is a window');
    expect(window.error).toMatch(
      /^The kiosk window on display :77 ended at its start; try .*\. It said last: spawn setpriv ENOENT$/,
    );
  });
});

describe('the browser of a start by hand', () => {
  const browser = () => openBrowser(() => undefined);

  it('on a display that is not there is seen to end', async () => {
    const window = await shown(browser());
    await window.ended;
    expect(window.name).toBe('The browser on display :77');
    expect(lastWords(window.output())).toMatch(/^It said last: .*ERROR/);
    // Its own profile: another Chromium of this person would take the page over.
    expect(existsSync(path.join(dir, 'browser'))).toBe(true);
  });
});

describe('what a program said last', () => {
  it('is its last line with words in it', () => {
    expect(lastWords('first\nlast \n\n')).toBe('It said last: last');
    expect(lastWords(' \n')).toBe('It said nothing.');
  });
});
