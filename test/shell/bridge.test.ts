import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadImage, createCanvas } from '../../src/base/canvas.ts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildTree, testElectron } from '../lockdown/built.ts';
import { PANEL, startDisplay, type KioskDisplay } from '../lockdown/display.ts';
import { Observed } from '../lockdown/observed.ts';
import { until } from '../lockdown/rig.ts';
import { sampleViews } from '../ui/sample-views.ts';
import { CoreStub } from './core-stub.ts';
import { viewNamed } from './views.ts';

let folder: string;
let core: CoreStub;
let display: KioskDisplay;
let shell: Observed;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anjungan-shell-test-'));
  core = new CoreStub(path.join(folder, 'citizen.sock'), viewNamed('welcome', { viewId: 100 }));
  const [electron, built] = await Promise.all([testElectron(), buildTree('bridge')]);
  [display] = await Promise.all([startDisplay(), core.start()]);
  shell = await Observed.start({
    electron,
    built,
    underTest: 'shell',
    display,
    citizenSocket: core.socketPath,
  });
  await core.shown();
  await shell.script(`window.refusals = []; document.addEventListener('securitypolicyviolation',
    (event) => refusals.push(event.effectiveDirective + ' ' + event.blockedURI)); null`);
}, 240_000);

afterAll(async () => {
  await shell.stop();
  await display.stop();
  await core.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const pageText = async (): Promise<string> => String(await shell.script('document.body.innerText'));

/** Presses, with the real pointer, what carries these words. */
async function pressOnScreen(words: string): Promise<void> {
  const centre = (await shell.script(
    `(() => { const all = [...document.querySelectorAll('button')];
      const box = all.find((one) => one.innerText.includes(${JSON.stringify(words)})).getBoundingClientRect();
      return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]; })()`,
  )) as [number, number];
  await display.xdotool('mousemove', ...centre.map(String), 'click', '1');
}

describe('the shell between core and the citizen', () => {
  it('paints what core says, to the edge of the screen', async () => {
    const picture = display.picture();
    const file = path.resolve(import.meta.dirname, '../../out/shell/welcome.png');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, picture);
    const canvas = createCanvas(PANEL.width, PANEL.height);
    const context = canvas.getContext('2d');
    context.drawImage(await loadImage(picture), 0, 0);
    const { data } = context.getImageData(0, 0, PANEL.width, PANEL.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4)
      colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
    expect(colours.size).toBeGreaterThan(50);
    const last = context.getImageData(PANEL.width - 1, PANEL.height - 1, 1, 1).data;
    expect([...last]).not.toEqual([0, 0, 0, 255]);
  });

  it('carries a press to core, with the view that it answers', async () => {
    const from = core.frames.length;
    await pressOnScreen('Ketik NIK');
    expect(await core.frame(({ type }) => type === 'choice', { from })).toEqual({
      type: 'choice',
      viewId: 100,
      choice: { kind: 'startWay', way: 'nik' },
    });
  });

  it('paints every screen there is without one refusal by its own policy', async () => {
    for (const [index, { view }] of sampleViews.entries()) {
      core.show({ ...view, viewId: 200 + index });
      await core.shown();
    }
    expect(await shell.script('refusals')).toEqual([]);
    expect(core.violations).toEqual([]);
  }, 120_000);

  it('says that the terminal is away when core is, and goes on when core is back', async () => {
    core.show(viewNamed('welcome', { viewId: 300 }));
    await core.shown();
    expect(await pageText()).toContain('Ketik NIK');
    await core.stop();
    const away = await until(pageText, (text) => text.includes('menyambung'), 20_000);
    expect(away).not.toContain('Ketik NIK');
    core.show(viewNamed('goodbye', { viewId: 301 }));
    await core.start();
    await core.shown();
    expect(await pageText()).not.toContain('menyambung');
  }, 60_000);

  it('shows nothing of a frame that core would never send, and asks core anew', async () => {
    const from = core.connections;
    core.sendRaw({ type: 'view', view: { ...core.view, screen: { name: 'secretMenu' } } });
    await core.until(() => core.connections > from, 30_000);
    const heard = core.frames.length;
    core.show(viewNamed('welcome', { viewId: 302 }));
    await core.shown(heard);
    expect(await pageText()).toContain('Ketik NIK');
  }, 60_000);
});

describe('the bridge', () => {
  it('has two functions that the page cannot replace, and is not in a child frame', async () => {
    const said = await shell.script(`(() => {
      try { anjungan.send = () => 'mine'; } catch {}
      try { window.anjungan = { mine: true }; } catch {}
      const frame = document.createElement('iframe'); document.body.append(frame);
      const child = typeof frame.contentWindow.anjungan; frame.remove();
      return [Object.keys(anjungan).sort(), anjungan.mine ?? null, String(anjungan.send).includes('mine'), child];
    })()`);
    expect(said).toEqual([['send', 'subscribe'], null, false, 'undefined']);
  });

  it('passes on nothing but choices and paintings that parse', async () => {
    const from = core.frames.length;
    await shell.script(`for (const frame of [
      null, 7, 'x', [], {}, { type: 'choice' }, { type: 'view', view: {} },
      { type: 'choice', viewId: 302, choice: { kind: 'openDrawer' } },
      { type: 'choice', viewId: 302, choice: { kind: 'cancel', extra: 1 } },
      { type: 'choice', viewId: '302', choice: { kind: 'cancel' } },
      { type: 'choice', viewId: 302, choice: { kind: 'submitNik', nik: '9'.repeat(1e6) } },
      { type: 'shown', viewId: 302, '__proto__x': 1 },
      JSON.parse('{"type":"shown","viewId":302,"__proto__":{"admin":true},"constructor":1}'),
    ]) anjungan.send(frame);
    anjungan.send({ type: 'choice', viewId: 302, choice: { kind: 'callOfficer' } }); null`);
    await core.frame(({ type }) => type === 'choice', { from });
    expect(core.frames.slice(from)).toEqual([
      { type: 'choice', viewId: 302, choice: { kind: 'callOfficer' } },
    ]);
    expect(core.violations).toEqual([]);
  });

  it('survives a page that never stops talking', async () => {
    await shell.script(
      `for (let i = 0; i < 5000; i += 1) anjungan.send({ type: 'shown', viewId: i }); null`,
    );
    const from = core.frames.length;
    core.show(viewNamed('goodbye', { viewId: 400 }));
    await core.frame((frame) => frame.type === 'shown' && frame.viewId === 400, { from });
    expect(core.violations).toEqual([]);
  }, 60_000);
});
