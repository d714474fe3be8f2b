import { ran, type ScriptAttack } from './attack.ts';

const runs = (name: string, code: string): ScriptAttack => ({ name, code, gotOut: ran });

/**
 * Refused by policy, before any device is looked for. Where the control cannot answer either, only a grant
 * counts as out.
 */
const asks = (name: string, code: string, noControl?: string): ScriptAttack => ({
  name: `asks for ${name}`,
  code: `try { ${code} return 'granted'; } catch (error) { return error.name + ': ' + error.message; }`,
  gesture: true,
  ...(noControl === undefined
    ? {
        gotOut: ({ value }) =>
          typeof value === 'string' && !/denied|disallowed|disabled|NotAllowed/i.test(value),
      }
    : { gotOut: ({ value }) => value === 'granted', noControl }),
});

const noDevice = 'no device here to be refused or granted';

/** Powers that a page could take: code from elsewhere, Node, devices. */
export const powerAttacks: readonly ScriptAttack[] = [
  runs(
    'runs an inline script',
    `window.mine = ''; add('script', (script) => { script.textContent = "window.mine = 'ran'"; }); return window.mine;`,
  ),
  runs(
    'runs an event attribute',
    `window.mine = ''; const picture = document.createElement('img');
     picture.setAttribute('onerror', "window.mine = 'ran'"); const end = first(picture, 'error');
     picture.src = 'data:,x'; await end; await new Promise(requestAnimationFrame); return window.mine;`,
  ),
  runs(
    'writes markup with a handler',
    `window.mine = ''; const end = new Promise((done) => addEventListener('error', done, { capture: true, once: true }));
     document.body.insertAdjacentHTML('beforeend', '<img src="data:,x" onerror="window.mine = \\'ran\\'">');
     await end; await new Promise(requestAnimationFrame); return window.mine;`,
  ),
  runs('evaluates text', `return eval("'ran'");`),
  runs('makes a function of text', `return new Function("return 'ran'")();`),
  runs(
    'runs text by a timer',
    `window.mine = ''; setTimeout("window.mine = 'ran'"); await new Promise((done) => setTimeout(done, 1));
     await new Promise(requestAnimationFrame); return window.mine;`,
  ),
  runs(
    'imports data as a module',
    `return (await import('data:text/javascript,export default "ran"')).default;`,
  ),
  runs(
    'compiles WebAssembly',
    `await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); return 'ran';`,
  ),
  runs(
    'starts a worker',
    `const worker = new Worker(URL.createObjectURL(new Blob(["postMessage('ran')"])));
     return (await first(worker, 'message', 'error')) === 'message' ? 'ran' : 'refused';`,
  ),
  runs(
    'starts a shared worker',
    `const worker = new SharedWorker(URL.createObjectURL(new Blob(["onconnect = (e) => e.ports[0].postMessage('ran')"])));
     return await new Promise((done) => { worker.onerror = () => done('refused'); worker.port.onmessage = () => done('ran'); });`,
  ),
  runs(
    'installs a service worker',
    `await navigator.serviceWorker.register('/worker.js'); return 'ran';`,
  ),
  runs(
    'runs a script in a frame',
    `window.mine = ''; const frame = document.createElement('iframe');
     frame.srcdoc = "<script>parent.mine = 'ran'</" + 'script>'; const end = first(frame, 'load'); document.body.append(frame);
     await end; return window.mine;`,
  ),
  {
    name: 'loads a file into a frame',
    code: `const frame = document.createElement('iframe'); frame.src = 'file:///etc/hostname'; document.body.append(frame);
      await new Promise(requestAnimationFrame); return frame.contentDocument === null || frame.contentDocument.body.textContent === '' ? 'empty' : 'ran';`,
    gotOut: ran,
    noControl: 'Chromium refuses it from any page of a server',
  },
  {
    name: 'makes a webview',
    code: `return 'executeJavaScript' in document.createElement('webview') ? 'ran' : 'plain element';`,
    gotOut: ran,
    noControl: 'webviews are off in Electron unless asked for',
  },
  runs(
    'finds Node',
    `return typeof require === 'function' || typeof process === 'object' ? 'ran' : 'none';`,
  ),
  {
    ...runs(
      'goes full screen by itself',
      `await document.documentElement.requestFullscreen(); await document.exitFullscreen(); return 'ran';`,
    ),
    gesture: true,
  },
  asks(
    'notifications',
    `const said = await Notification.requestPermission(); if (said !== 'granted') return said;`,
  ),
  asks('the clipboard', `window.focus(); await navigator.clipboard.readText();`),
  asks('writing to the clipboard', `window.focus(); await navigator.clipboard.writeText('x');`),
  asks('MIDI', `await navigator.requestMIDIAccess({ sysex: true });`),
  asks('a screen lock', `await navigator.wakeLock.request('screen');`),
  asks('the fonts of this machine', `await window.queryLocalFonts();`),
  asks('a USB device', `await navigator.usb.requestDevice({ filters: [] });`),
  asks('an HID device', `const found = await navigator.hid.requestDevice({ filters: [] });`),
  asks('a serial port', `await navigator.serial.requestPort();`),
  asks(
    'a Bluetooth device',
    `await navigator.bluetooth.requestDevice({ acceptAllDevices: true });`,
    noDevice,
  ),
  asks('the camera', `await navigator.mediaDevices.getUserMedia({ video: true });`, noDevice),
  asks('the microphone', `await navigator.mediaDevices.getUserMedia({ audio: true });`, noDevice),
  asks(
    'the screen',
    `await navigator.mediaDevices.getDisplayMedia();`,
    'Electron refuses without a chooser',
  ),
  asks(
    'the place',
    `await new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, (error) =>
       fail(error.code === 1 ? new DOMException('denied', 'NotAllowedError') : error)));`,
    'without a network the place is unknown to the control too',
  ),
  {
    name: 'locks the pointer',
    code: `document.body.requestPointerLock()?.catch?.(() => {});
      const end = await first(document, 'pointerlockchange', 'pointerlockerror');
      document.exitPointerLock(); return end === 'pointerlockchange' ? 'ran' : 'refused';`,
    gesture: true,
    gotOut: ran,
  },
];
