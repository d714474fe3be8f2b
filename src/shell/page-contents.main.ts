import type { WebContents } from 'electron';
import { mayType } from './key-filter.main.ts';
import { log, schemeOf } from './log.main.ts';

/** Closes every way by which a page, or keys pressed at it, could leave the page. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    log('windowBlocked', { scheme: schemeOf(url) });
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => block(event, 'navigationBlocked', event.url));
  contents.on('will-frame-navigate', (event) => block(event, 'navigationBlocked', event.url));
  contents.on('will-redirect', (event) => block(event, 'redirectBlocked', event.url));
  contents.on('will-attach-webview', (event) => block(event, 'webviewBlocked', ''));
  contents.on('content-bounds-updated', (event) => block(event, 'resizeBlocked', ''));
  // A beforeunload handler of the page must not keep a broken page alive.
  contents.on('will-prevent-unload', (event) => {
    event.preventDefault();
  });
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.on('before-input-event', (event, input) => {
    if (!mayType(input)) event.preventDefault();
  });
  contents.on('zoom-changed', () => {
    contents.setZoomFactor(1);
  });
  contents.on('dom-ready', () => {
    contents.setZoomFactor(1);
    void contents.setVisualZoomLevelLimits(1, 1);
  });
  contents.setIgnoreMenuShortcuts(true);
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  interceptFileChoosers(contents);
}

function block(event: { preventDefault(): void }, what: string, url: string): void {
  event.preventDefault();
  log(what, { scheme: schemeOf(url) });
}

/**
 * Electron has no handler for `<input type=file>`; the protocol's interception keeps the native dialog,
 * which would list the disk, from opening. Chrome DevTools Protocol, Page.setInterceptFileChooserDialog.
 */
function interceptFileChoosers(contents: WebContents): void {
  const attach = async (): Promise<void> => {
    if (contents.isDestroyed()) return;
    const { debugger: protocol } = contents;
    try {
      if (!protocol.isAttached()) protocol.attach('1.3');
      // Without Page.enable the interception is accepted and does nothing.
      await protocol.sendCommand('Page.enable');
      await protocol.sendCommand('Page.setInterceptFileChooserDialog', { enabled: true });
    } catch (error) {
      if (!contents.isDestroyed()) log('fileChooserNotIntercepted', { error: String(error) });
    }
  };
  contents.debugger.on('detach', () => setImmediate(() => void attach()));
  contents.on('did-navigate', () => void attach());
  void attach();
}
