import path from 'node:path';
import { BrowserWindow, screen, type Session } from 'electron';
import { channels, type FrameToPage } from './channels.ts';
import { log } from './log.main.ts';
import { hearPage } from './page-bridge.main.ts';
import { lockContents } from './page-contents.main.ts';
import { CITIZEN_PAGE } from './page-files.main.ts';
import { PageWatchdog, WATCHDOG_TICK_MS } from './page-watchdog.main.ts';
import type { CoreLink } from './core-link.main.ts';

const LOAD_AGAIN_AFTER_MS = 1000;

/** The window that is always there: closed, killed or hung, it comes back with what core said last. */
export class CitizenWindow {
  readonly #session: Session;
  readonly #link: CoreLink;
  readonly #watchdog = new PageWatchdog();
  #window: BrowserWindow;
  #leaving = false;

  constructor(session: Session, link: CoreLink) {
    this.#session = session;
    this.#link = link;
    this.#window = this.#open();
    setInterval(() => {
      const finding = this.#watchdog.tick();
      if (finding === null || this.#window.isDestroyed()) return;
      log('pageReplaced', { finding });
      // A page that hangs cannot be asked; render-process-gone loads it anew.
      this.#window.webContents.forcefullyCrashRenderer();
      if (finding === 'notLoaded') this.#load(this.#window);
    }, WATCHDOG_TICK_MS);
  }

  /** The window may now really close. */
  leave(): void {
    this.#leaving = true;
  }

  tell(frame: FrameToPage): void {
    if (this.#window.isDestroyed()) return;
    this.#watchdog.viewSent(frame.type === 'view' ? frame.view.viewId : null);
    this.#window.webContents.send(channels.toPage, frame);
  }

  #open(): BrowserWindow {
    const window = new BrowserWindow({
      ...screen.getPrimaryDisplay().bounds,
      kiosk: true,
      frame: false,
      closable: false,
      minimizable: false,
      maximizable: false,
      // A window that may not be resized stays one pixel short of the screen on X11 when it goes full
      // screen, and the window manager's menu opens in that pixel. The page's wish is refused elsewhere.
      resizable: true,
      movable: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      autoHideMenuBar: true,
      backgroundColor: '#ffffff',
      title: 'Anjungan',
      webPreferences: {
        session: this.#session,
        preload: path.join(__dirname, 'preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        nodeIntegrationInWorker: false,
        webSecurity: true,
        webviewTag: false,
        devTools: false,
        spellcheck: false,
        navigateOnDragDrop: false,
        disableDialogs: true,
        plugins: false,
        // A page whose window was covered for a moment must keep beating.
        backgroundThrottling: false,
      },
    });
    window.on('close', (event) => {
      if (!this.#leaving) event.preventDefault();
    });
    // window.close() of a page destroys the window without asking `close`.
    window.on('closed', () => {
      if (this.#leaving) return;
      log('windowReplaced');
      setImmediate(() => (this.#window = this.#open()));
    });
    window.on('leave-full-screen', () => {
      window.setKiosk(true);
    });
    window.on('minimize', () => {
      window.restore();
    });
    const { webContents } = window;
    lockContents(webContents);
    webContents.on('render-process-gone', (_event, { reason }) => {
      if (this.#leaving || window.isDestroyed()) return;
      log('pageGone', { reason });
      this.#load(window);
    });
    webContents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
      const ABORTED = -3;
      if (!isMainFrame || code === ABORTED) return;
      log('pageNotLoaded', { code });
      setTimeout(() => this.#load(window), LOAD_AGAIN_AFTER_MS);
    });
    hearPage(webContents, {
      onHello: () => {
        this.#watchdog.loading();
        this.#watchdog.beat();
        this.tell(this.#link.current);
      },
      onBeat: () => this.#watchdog.beat(),
      onFrame: (frame) => {
        if (frame.type === 'shown') this.#watchdog.painted(frame.viewId);
        this.#link.send(frame);
      },
    });
    this.#load(window);
    return window;
  }

  #load(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    this.#watchdog.loading();
    // A failure is answered by did-fail-load.
    window.loadURL(CITIZEN_PAGE).catch(() => undefined);
  }
}
