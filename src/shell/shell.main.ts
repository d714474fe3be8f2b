import { existsSync } from 'node:fs';
import path from 'node:path';
import { app, Menu } from 'electron';
import { CitizenWindow } from './citizen-window.main.ts';
import { CoreLink } from './core-link.main.ts';
import { log } from './log.main.ts';
import { declarePageScheme, servePages } from './page-protocol.main.ts';
import { closeBrowserFeatures, createPageSession } from './page-session.main.ts';
import { EXIT_CONFIGURATION, refusalOf, SOCKET_VARIABLE } from './start-check.main.ts';

/** sysexits.h EX_SOFTWARE: the service manager starts the shell anew. */
const EXIT_BROKEN = 70;

function run(socketPath: string, pages: string): void {
  let window: CitizenWindow | null = null;
  let leaving = false;
  app.enableSandbox();
  closeBrowserFeatures();
  declarePageScheme();
  Menu.setApplicationMenu(null);
  // Its own listener keeps Electron from quitting while the window is being replaced.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (!leaving) event.preventDefault();
  });
  const leave = (): void => {
    leaving = true;
    window?.leave();
    app.quit();
  };
  const start = async (): Promise<void> => {
    // After Chromium put up its own, which would ask us to quit and be refused.
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
    const session = await createPageSession();
    servePages(session, pages);
    const link = new CoreLink(socketPath, (frame) => window?.tell(frame));
    window = new CitizenWindow(session, link);
    link.start();
    log('started', { electron: process.versions.electron });
  };
  app.whenReady().then(start).catch(stopBroken);
}

function stopBroken(error: unknown): void {
  log('broken', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  app.exit(EXIT_BROKEN);
}

function main(): void {
  // Without these Electron shows a native error dialog, and Node opens its inspector on SIGUSR1.
  process.on('uncaughtException', stopBroken);
  process.on('SIGUSR1', () => undefined);
  const refusal = refusalOf({
    args: process.argv.slice(1),
    env: process.env,
    uid: process.getuid?.() ?? null,
  });
  if (refusal !== null) {
    log('startRefused', { ...refusal });
    app.exit(EXIT_CONFIGURATION);
    return;
  }
  // Beside the shell's own folder, wherever both were installed.
  const pages = path.join(__dirname, '../ui');
  if (!existsSync(path.join(pages, 'citizen/index.html'))) {
    log('startRefused', { kind: 'noPages' });
    app.exit(EXIT_CONFIGURATION);
    return;
  }
  run(process.env[SOCKET_VARIABLE] ?? '', pages);
}

main();
