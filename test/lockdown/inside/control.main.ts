/**
 * The control: what a careless program would be. Every attack that the shell withstands is run here too and
 * must get out, or the test of it proves nothing. It keeps the default menu and sets no policy at all.
 */
import { app, BrowserWindow } from 'electron';

const address = process.env['CONTROL_PAGE'] ?? '';

function open(): BrowserWindow {
  const window = new BrowserWindow({
    kiosk: true,
    webPreferences: { sandbox: false, nodeIntegration: true, contextIsolation: false },
  });
  void window.loadURL(address);
  return window;
}

// Quitting is recorded by the observer and then refused, so that one control serves all attacks.
app.on('before-quit', (event) => {
  event.preventDefault();
});
app.on('window-all-closed', () => undefined);
const program: NodeJS.EventEmitter = app;
program.on('control-fresh-window', () => {
  const old = BrowserWindow.getAllWindows();
  open();
  for (const window of old) window.destroy();
});
void app.whenReady().then(() => {
  open();
  process.stderr.write('{"event":"started"}\n');
});
