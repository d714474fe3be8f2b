import type { Notice } from '../inside/protocol.ts';

/** A key with a default binding: it must do its work in the control. */
export interface BoundKey {
  readonly key: string;
  readonly does: string;
  /** What Electron tells when it did; null: the state shows it. */
  readonly notice: (notice: Notice) => boolean;
}

const named =
  (...names: string[]) =>
  (notice: Notice): boolean =>
    names.includes(notice.name);

export const boundKeys: readonly BoundKey[] = [
  { key: 'ctrl+w', does: 'closes the window', notice: named('window-closed') },
  { key: 'alt+F4', does: 'closes the window', notice: named('window-closed') },
  { key: 'ctrl+q', does: 'quits', notice: named('before-quit') },
  { key: 'ctrl+shift+i', does: 'opens the developer tools', notice: named('devtools-opened') },
  { key: 'F11', does: 'leaves full screen', notice: named('leave-full-screen') },
  { key: 'ctrl+r', does: 'reloads', notice: named('did-finish-load') },
  { key: 'ctrl+shift+r', does: 'reloads past the cache', notice: named('did-finish-load') },
  { key: 'ctrl+m', does: 'minimises', notice: named('minimize', 'blur') },
];

/**
 * Keys that browsers, desktops or toolkits bind; the page of the control gets them, ours must not. Print and
 * most keys with Super are not here: openbox takes them for itself, and only a window manager without
 * bindings helps.
 */
export const looseKeys: readonly string[] = [
  ...['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F12', 'shift+F10', 'Menu', 'Pause', 'Insert'],
  ...['ctrl+a', 'ctrl+c', 'ctrl+d', 'ctrl+f', 'ctrl+h', 'ctrl+j', 'ctrl+l', 'ctrl+n', 'ctrl+o'],
  ...['ctrl+p', 'ctrl+s', 'ctrl+t', 'ctrl+u', 'ctrl+v', 'ctrl+x', 'ctrl+z', 'ctrl+Tab', 'ctrl+F4'],
  ...['ctrl+shift+c', 'ctrl+shift+j', 'ctrl+shift+n', 'ctrl+shift+t', 'ctrl+shift+Delete'],
  ...['ctrl+Escape', 'ctrl+Return', 'ctrl+0', 'alt+f', 'alt+d', 'alt+Left', 'alt+Home', 'super'],
  ...['XF86Back', 'XF86HomePage', 'XF86WWW', 'XF86Mail', 'XF86AudioPlay', 'XF86Reload'],
];
