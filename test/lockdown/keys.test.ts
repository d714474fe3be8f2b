import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boundKeys, looseKeys } from './attacks/keys.ts';
import { PANEL } from './display.ts';
import { Rig } from './rig.ts';
import type { Observed } from './observed.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start('keys');
}, 240_000);
afterAll(() => rig.stop(), 60_000);

/** The keys that Electron saw, by whether the page was kept from seeing them; Shift and the fence left out. */
async function pressed(target: Observed, ...keys: string[]): Promise<boolean[]> {
  const from = target.notices.length;
  await target.press(...keys);
  return target.notices
    .slice(from)
    .filter(({ name, detail }) => name === 'key' && detail !== 'z' && detail !== 'Shift')
    .map(({ prevented }) => prevented);
}

describe('a key that closes, reloads or uncovers things', () => {
  it.each(boundKeys)(
    '$key does nothing in the shell and $does in the control',
    async ({ key, notice }) => {
      const from = rig.hard.notices.length;
      expect((await pressed(rig.hard, key)).every((prevented) => prevented)).toBe(true);
      // The window manager asks by a message of its own, which may come after the next key.
      if (key === 'alt+F4') {
        const asked = await rig.hard.notice(({ name }) => name === 'close-asked', from);
        expect(asked.prevented).toBe(true);
      }
      expect(await rig.damage()).toEqual([]);
      const before = rig.control.notices.length;
      await rig.control.display.xdotool('key', key);
      await rig.control.notice(notice, before);
      await rig.freshControl();
    },
    60_000,
  );

  it.each(['ctrl+plus', 'ctrl+minus'])(
    '%s does not zoom the shell and zooms the control',
    async (key) => {
      await pressed(rig.hard, key);
      expect(await rig.damage()).toEqual([]);
      // The control remembers its zoom from one window to the next.
      const before = (await rig.control.state()).windows[0]?.zoom;
      await rig.control.display.xdotool('key', key);
      await rig.controlState(({ windows }) => windows[0]?.zoom !== before);
      await rig.freshControl();
    },
    60_000,
  );
});

describe('a key that something might bind', () => {
  it.each(looseKeys)(
    '%s reaches the page of the control and not ours',
    async (key) => {
      const ours = await pressed(rig.hard, key);
      expect(ours.length).toBeGreaterThan(0);
      expect(ours.every((prevented) => prevented)).toBe(true);
      expect(await rig.damage()).toEqual([]);
      expect(await pressed(rig.control, key)).toContain(false);
    },
    60_000,
  );

  it('lets printable and editing keys through, in the shell as in the control', async () => {
    const typed = ['1', 'a', 'Tab', 'BackSpace', 'Left', 'shift+Tab'];
    expect(await pressed(rig.hard, ...typed)).not.toContain(true);
    expect(await rig.damage()).toEqual([]);
  });

  it.each(['alt+Tab', 'alt+shift+Tab', 'ctrl+alt+F2', 'ctrl+alt+BackSpace'])(
    '%s belongs to the window manager and leaves the page in front (no control: not our key)',
    async (key) => {
      await pressed(rig.hard, key);
      expect(await rig.damage()).toEqual([]);
    },
    60_000,
  );
});

describe('the pointer', () => {
  const centre = [String(PANEL.width / 2), '820'];

  it('opens no menu by the right button, where the control is told of one too', async () => {
    await rig.hard.display.xdotool('mousemove', ...centre, 'click', '3');
    await rig.hard.press();
    expect(await rig.damage()).toEqual([]);
    const before = rig.control.notices.length;
    await rig.control.display.xdotool('mousemove', ...centre, 'click', '3');
    await rig.control.notice(({ name }) => name === 'context-menu', before);
  });

  it.each([
    ['the middle button', ['click', '2']],
    ['the back button', ['click', '8']],
    ['the forward button', ['click', '9']],
    ['Shift and a click', ['keydown', 'shift', 'click', '1', 'keyup', 'shift']],
    ['Ctrl and the wheel', ['keydown', 'ctrl', 'click', '4', 'click', '5', 'keyup', 'ctrl']],
  ])('goes nowhere by %s (no control: the control has nowhere to go)', async (_name, how) => {
    await rig.hard.display.xdotool('mousemove', ...centre, ...how);
    await rig.hard.press();
    expect(await rig.damage()).toEqual([]);
  });

  it('finds no pixel of the desktop: the window covers the screen to its last row and column', async () => {
    const [window] = await rig.hard.display.windows();
    const geometry = await rig.hard.display.xdotool('getwindowgeometry', window ?? '');
    expect(geometry).toContain('Position: 0,0');
    expect(geometry).toContain(`Geometry: ${PANEL.width}x${PANEL.height}`);
    const corner = [String(PANEL.width - 1), String(PANEL.height - 1)];
    await rig.hard.display.xdotool('mousemove', ...corner, 'click', '3', 'click', '1');
    await rig.hard.press();
    expect(await rig.damage()).toEqual([]);
  });

  it.each([
    ['a pinch', 'Input.synthesizePinchGesture', { x: 500, y: 800, scaleFactor: 3 }],
    ['a long press', 'Input.synthesizeTapGesture', { x: 500, y: 820, duration: 1500 }],
    [
      'a swipe from the edge',
      'Input.synthesizeScrollGesture',
      { x: 5, y: 800, xDistance: 600, gestureSourceType: 'touch' },
    ],
  ])(
    'changes nothing by %s (no control: touch is played by the browser itself)',
    async (_name, method, params) => {
      await rig.hard.order({ kind: 'devtoolsCommand', method, params });
      expect(await rig.hard.script('visualViewport.scale')).toBe(1);
      expect(await rig.damage()).toEqual([]);
    },
    60_000,
  );
});

it('counts what was tried', () => {
  const keys = boundKeys.length + 2 + looseKeys.length;
  process.stdout.write(`lockdown: ${keys} keys seen to work in the control and not in the shell\n`);
  expect(rig.core.violations).toEqual([]);
});
