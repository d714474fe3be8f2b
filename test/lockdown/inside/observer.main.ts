/**
 * Runs inside an Electron under test, before the program under test is loaded, and only looks: the program
 * itself has no door for tests. Speaks JSON lines on `observer.sock` in its home.
 */
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { app, BrowserWindow, screen, type WebContents } from 'electron';
import { attachJsonLines } from '../../../src/base/json-lines.ts';
import type { ElectronState, Notice, Order } from './protocol.ts';

type Write = (frame: unknown) => void;
type Preventable = { readonly defaultPrevented?: boolean };

const writers = new Set<Write>();
const past: Notice[] = [];

function tell(name: string, detail = '', event: Preventable = {}): void {
  const notice = { name, detail, prevented: event.defaultPrevented === true };
  past.push(notice);
  for (const write of writers) write({ type: 'notice', notice });
}

function watchContents(contents: WebContents): void {
  // Added a moment later, so that what the program decided about an event is known here.
  setImmediate(() => {
    if (contents.isDestroyed()) return;
    contents.on('before-input-event', (event, { type, key, control, alt, meta }) => {
      if (type !== 'keyDown' && type !== 'rawKeyDown') return;
      const held = [control ? 'ctrl+' : '', alt ? 'alt+' : '', meta ? 'super+' : ''].join('');
      tell('key', held + key, event);
    });
    contents.on('will-navigate', (event) => tell('will-navigate', event.url, event));
    contents.on('will-frame-navigate', (event) => tell('will-frame-navigate', event.url, event));
    contents.on('content-bounds-updated', (event) => tell('content-bounds-updated', '', event));
    contents.session.on('will-download', (event, item) => {
      tell('will-download', item.getURL(), event);
      if (!event.defaultPrevented) item.cancel();
    });
  });
  contents.on('did-navigate', (_event, url) => tell('did-navigate', url));
  contents.on('render-process-gone', (_event, { reason }) => tell('render-process-gone', reason));
  contents.on('page-title-updated', (_event, title) => tell('title', title));
  contents.on('devtools-opened', () => tell('devtools-opened'));
  contents.on('context-menu', () => tell('context-menu'));
  contents.on('did-finish-load', () => tell('did-finish-load', contents.getURL()));
}

app.on('before-quit', (event) => {
  setImmediate(() => tell('before-quit', '', event));
});
app.on('web-contents-created', (_event, contents) => watchContents(contents));
app.on('browser-window-created', (_event, window) => {
  tell('window-created');
  window.on('closed', () => tell('window-closed'));
  for (const name of ['minimize', 'leave-full-screen', 'blur'] as const)
    window.on(name as 'blur', () => tell(name));
  setImmediate(() => {
    if (!window.isDestroyed()) window.on('close', (event) => tell('close-asked', '', event));
  });
});

function onlyContents(): WebContents {
  const window = BrowserWindow.getAllWindows()[0];
  if (window === undefined) throw new Error('no window');
  return window.webContents;
}

function state(): ElectronState {
  return {
    windows: BrowserWindow.getAllWindows().map((window) => ({
      id: window.id,
      url: window.webContents.getURL(),
      bounds: window.getBounds(),
      kiosk: window.isKiosk(),
      fullScreen: window.isFullScreen(),
      minimized: window.isMinimized(),
      focused: window.isFocused(),
      zoom: window.webContents.getZoomFactor(),
      devTools: window.webContents.isDevToolsOpened(),
      rendererPid: window.webContents.getOSProcessId(),
    })),
    display: screen.getPrimaryDisplay().bounds,
    processes: app
      .getAppMetrics()
      .map(({ type, pid, serviceName }) => ({ type: serviceName ?? type, pid })),
  };
}

async function obey(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'state':
      return state();
    case 'script':
      return onlyContents().executeJavaScript(order.code, order.gesture);
    case 'devtoolsCommand': {
      const { debugger: protocol } = onlyContents();
      if (!protocol.isAttached()) protocol.attach('1.3');
      return protocol.sendCommand(order.method, order.params);
    }
    case 'fetch': {
      const answer = await onlyContents().session.fetch(order.url, { method: order.method });
      return { status: answer.status, headers: Object.fromEntries(answer.headers) };
    }
    case 'freshWindow':
      app.emit('control-fresh-window');
      return null;
  }
}

const { HOME, UNDER_TEST } = process.env;
if (HOME === undefined || UNDER_TEST === undefined)
  throw new Error('HOME and UNDER_TEST are unset');
createServer((socket) => {
  const write: Write = attachJsonLines(socket, {
    onFrame: (frame) => {
      const { id, order } = frame as { id: number; order: Order };
      obey(order).then(
        (value) => write({ type: 'answer', id, value: value ?? null }),
        (error: unknown) => write({ type: 'failed', id, error: String(error) }),
      );
    },
    onClose: () => writers.delete(write),
  });
  for (const notice of past) write({ type: 'notice', notice });
  writers.add(write);
}).listen(path.join(HOME, 'observer.sock'));

// Bundled to CommonJS; the program under test lies beside this one and is loaded as Electron would load it.
const underTest = path.join(__dirname, '..', UNDER_TEST);
createRequire(__filename)(path.join(underTest, 'main.cjs'));
