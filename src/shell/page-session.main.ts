import { app, session as sessions, type Session } from 'electron';
import { log, schemeOf } from './log.main.ts';
import { PAGE_ORIGIN } from './page-files.main.ts';

/** Must run before Electron is ready. */
export function closeBrowserFeatures(): void {
  const { commandLine } = app;
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  commandLine.appendSwitch('disable-features', 'HardwareMediaKeyHandling,MediaSessionService');
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-pinch');
  commandLine.appendSwitch('overscroll-history-navigation', '0');
}

/** The session of the citizen's page: in memory only, reaching nothing but `app://ui`. */
export async function createPageSession(): Promise<Session> {
  // Nothing of ours uses the default session; whatever might must find it as closed.
  await closeToTheWorld(sessions.defaultSession);
  // Without the prefix `persist:` a partition never touches the disk.
  const session = sessions.fromPartition('citizen', { cache: false });
  await closeToTheWorld(session);
  return session;
}

async function closeToTheWorld(session: Session): Promise<void> {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log('permissionDenied', { permission });
    answer(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose(null);
  });
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  session.on('will-download', (event, item) => {
    event.preventDefault();
    log('downloadBlocked', { scheme: schemeOf(item.getURL()) });
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !url.startsWith(`${PAGE_ORIGIN}/`);
    if (cancel) log('requestBlocked', { scheme: schemeOf(url) });
    answer({ cancel });
  });
  session.setSpellCheckerEnabled(false);
  // Port 1 of this machine answers nobody; `<-loopback>` takes away the bypass that loopback has.
  await session.setProxy({ proxyRules: '127.0.0.1:1', proxyBypassRules: '<-loopback>' });
}
