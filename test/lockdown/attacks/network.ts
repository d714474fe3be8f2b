import { heard, type ScriptAttack } from './attack.ts';

const sends = (name: string, code: string, gesture = false): ScriptAttack => ({
  name,
  code: `${code} return 'tried';`,
  gesture,
  gotOut: heard,
});

const element = (tag: string, change: string, waits = true): ScriptAttack =>
  sends(
    `loads a ${tag}`,
    `const it = document.createElement('${tag}'); const end = first(it, 'load', 'error', 'loadeddata');
     ${change}; document.body.append(it); ${waits ? 'await end;' : ''}`,
  );

const ice = (name: string, server: string): ScriptAttack =>
  sends(
    name,
    `const peer = new RTCPeerConnection({ iceServers: [${server}] }); peer.createDataChannel('x');
     const done = new Promise((end) => { peer.onicegatheringstatechange = () => {
       if (peer.iceGatheringState === 'complete') end(); }; });
     await peer.setLocalDescription(await peer.createOffer()); await done; peer.close();`,
  );

/** Ways to reach a server of this machine. */
export const networkAttacks: readonly ScriptAttack[] = [
  sends('fetches', `await fetch('$url', { mode: 'no-cors' });`),
  sends(
    'asks by XMLHttpRequest',
    `const ask = new XMLHttpRequest(); const end = first(ask, 'loadend'); ask.open('GET', '$url'); ask.send(); await end;`,
  ),
  sends(
    'opens a WebSocket',
    `await first(new WebSocket('ws://127.0.0.1:$port/'), 'open', 'error', 'close');`,
  ),
  sends('opens an event source', `await first(new EventSource('$url'), 'open', 'error');`),
  sends('sends a beacon', `navigator.sendBeacon('$url', 'x');`),
  sends(
    'pings by a link',
    `add('a', (a) => { a.href = '#x'; a.ping = '$url'; }).click(); history.replaceState(null, '', location.pathname);`,
    true,
  ),
  element('img', `it.src = '$url'`),
  element('script', `it.src = '$url'`),
  element('iframe', `it.src = '$url'`, false),
  element('video', `it.src = '$url'`),
  element('object', `it.data = '$url'`, false),
  element('embed', `it.src = '$url'`, false),
  element('link', `it.rel = 'stylesheet'; it.href = '$url'`),
  sends('prefetches', `add('link', (link) => { link.rel = 'prefetch'; link.href = '$url'; });`),
  {
    ...sends(
      'preconnects',
      `add('link', (link) => { link.rel = 'preconnect'; link.href = '$url'; });`,
    ),
    noControl: 'this Electron connects to nothing ahead of a request',
  },
  sends('loads a font', `await new FontFace('x', "url('$url')").load();`),
  sends('imports a module', `await import('$url');`),
  sends(
    'posts a form',
    `add('form', (form) => { form.method = 'POST'; form.action = '$url'; }).submit();`,
  ),
  sends(
    'posts a form into a frame',
    `add('iframe', (frame) => { frame.name = 'sink'; });
     add('form', (form) => { form.method = 'POST'; form.target = 'sink'; form.action = '$url'; }).submit();`,
  ),
  ice('asks a STUN server', `{ urls: 'stun:127.0.0.1:$port' }`),
  ice(
    'asks a TURN server over TCP',
    `{ urls: 'turn:127.0.0.1:$port?transport=tcp', username: 'x', credential: 'x' }`,
  ),
];
