import { dialog, heard, left, opened, ran, type ScriptAttack, type Seen } from './attack.ts';

const refused = 'Chromium refuses it from any page';
const noScheme = 'the control serves no such address';

/** The browser set about it; the native dialog takes its time where it looks for printers first. */
const printing = (seen: Seen): boolean =>
  dialog(seen) || seen.notices.some((n) => n.name === 'title' && n.detail === 'printing');

const goTo = (name: string, address: string, noControl?: string): ScriptAttack => ({
  name: `goes to ${name}`,
  code: `location.href = ${address}; return 'tried';`,
  gotOut: (seen) => left(seen) || heard(seen),
  ...(noControl === undefined ? {} : { noControl }),
});

/** Out of the page: windows, navigations, downloads, native dialogs. */
export const leavingAttacks: readonly ScriptAttack[] = [
  {
    name: 'opens a window on a server',
    code: `return window.open('$url') === null ? 'null' : 'opened';`,
    gesture: true,
    gotOut: (seen) => opened(seen) || heard(seen),
  },
  {
    name: 'opens an empty window',
    code: `return window.open('about:blank') === null ? 'null' : 'opened';`,
    gesture: true,
    gotOut: opened,
  },
  {
    name: 'opens its own page again',
    code: `return window.open(location.href) === null ? 'null' : 'opened';`,
    gesture: true,
    gotOut: opened,
  },
  {
    name: 'follows a link to a new window',
    code: `add('a', (a) => { a.href = '$url'; a.target = '_blank'; }).click(); return 'tried';`,
    gesture: true,
    gotOut: (seen) => opened(seen) || heard(seen),
  },
  goTo('a server', `'$url'`),
  goTo('a blob', `URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))`),
  goTo('another host of its scheme', `'app://other/citizen/index.html'`, noScheme),
  goTo("the technician's page", `'app://ui/technician/index.html'`, noScheme),
  goTo('a file', `'file:///etc/passwd'`, refused),
  goTo('chrome://gpu', `'chrome://gpu'`, refused),
  goTo('the source of its page', `'view-source:' + location.href`, refused),
  goTo('the developer tools', `'devtools://devtools/bundled/inspector.html'`, refused),
  goTo('data as a page', `'data:text/html,<p>x'`, refused),
  goTo('a mail program', `'mailto:a@example.org'`, 'no program is bound to it here'),
  goTo('a game launcher', `'steam://run/1'`, 'no program is bound to it here'),
  {
    name: 'runs a javascript: address',
    code: `window.ranByAddress = false; location.href = 'javascript:void(window.ranByAddress = true)';
      await new Promise((done) => setTimeout(done)); await new Promise(requestAnimationFrame);
      return window.ranByAddress ? 'ran' : 'still';`,
    gotOut: ran,
  },
  {
    name: 'follows a refresh tag',
    code: `const tag = document.createElement('meta'); tag.httpEquiv = 'refresh'; tag.content = '0;url=$url';
      document.head.append(tag); return 'tried';`,
    gotOut: (seen) => left(seen) || heard(seen),
  },
  {
    name: 'downloads a file',
    code: `add('a', (a) => { a.download = 'x.html'; a.href = URL.createObjectURL(new Blob(['x'])); }).click();
      return 'tried';`,
    gesture: true,
    gotOut: (seen) => seen.notices.some((n) => n.name === 'will-download' && !n.prevented),
  },
  {
    name: 'prints',
    code: `addEventListener('beforeprint', () => { document.title = 'printing'; });
      window.print(); return 'tried';`,
    gotOut: printing,
    breaksControl: true,
  },
  {
    name: 'prints from a child frame',
    code: `const child = add('iframe', () => {}).contentWindow;
      child.addEventListener('beforeprint', () => { document.title = 'printing'; });
      child.print(); return 'tried';`,
    gotOut: printing,
    breaksControl: true,
  },
  {
    name: 'asks for a file',
    code: `add('input', (input) => { input.type = 'file'; }).click(); return 'tried';`,
    gesture: true,
    gotOut: dialog,
    breaksControl: true,
  },
  {
    name: 'asks for a folder',
    code: `window.showDirectoryPicker().catch((error) => { document.title = String(error); }); return 'tried';`,
    gesture: true,
    gotOut: dialog,
    breaksControl: true,
  },
  {
    name: 'asks where to save',
    code: `window.showSaveFilePicker().catch((error) => { document.title = String(error); }); return 'tried';`,
    gesture: true,
    gotOut: dialog,
    breaksControl: true,
  },
  {
    name: 'alerts',
    code: `alert('x'); return 'went on';`,
    gotOut: dialog,
    breaksControl: true,
  },
  {
    name: 'asks to confirm',
    code: `confirm('x'); return 'went on';`,
    gotOut: dialog,
    breaksControl: true,
  },
  {
    name: 'prompts',
    code: `prompt('x'); return 'went on';`,
    gotOut: dialog,
    noControl: 'Electron has no prompt',
  },
];
