import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronFound } from '../../scripts/run-shell.ts';
import { CoreStub } from '../shell/core-stub.ts';
import { viewNamed } from '../shell/views.ts';
import { scriptOf, SETTLE, type ScriptAttack, type Seen } from './attacks/attack.ts';
import { buildTree, testElectron } from './built.ts';
import { startDisplay, type KioskDisplay } from './display.ts';
import type { ElectronState, Notice } from './inside/protocol.ts';
import { startListener, type Listener } from './listener.ts';
import { Observed } from './observed.ts';

export const CITIZEN_PAGE = 'app://ui/citizen/index.html';
const FIRES_WITHIN_MS = 20_000;

/** The shell and the control, each on a display of its own, a core that we play, and a listener. */
export class Rig {
  readonly electron: ElectronFound;
  readonly built: string;
  readonly core: CoreStub;
  readonly listener: Listener;
  readonly folder: string;
  readonly #displays: readonly [KioskDisplay, KioskDisplay];
  hard: Observed;
  control: Observed;

  private constructor(parts: {
    electron: ElectronFound;
    built: string;
    core: CoreStub;
    listener: Listener;
    folder: string;
    displays: readonly [KioskDisplay, KioskDisplay];
    hard: Observed;
    control: Observed;
  }) {
    this.electron = parts.electron;
    this.built = parts.built;
    this.core = parts.core;
    this.listener = parts.listener;
    this.folder = parts.folder;
    this.#displays = parts.displays;
    this.hard = parts.hard;
    this.control = parts.control;
  }

  static async start(name: string): Promise<Rig> {
    const folder = mkdtempSync(path.join(tmpdir(), 'anjungan-lockdown-'));
    // As core's folder: nobody but its owner comes in, so that the relay for root is needed.
    chmodSync(folder, 0o700);
    const core = new CoreStub(path.join(folder, 'citizen.sock'), viewNamed('welcome'));
    const [electron, built, listener, ...displays] = await Promise.all([
      testElectron(),
      buildTree(name),
      startListener(),
      startDisplay(),
      startDisplay(),
      core.start(),
    ]);
    const common = { electron, built, citizenSocket: core.socketPath };
    const [hard, control] = await Promise.all([
      Observed.start({ ...common, underTest: 'shell', display: displays[0] }),
      Observed.start({
        ...common,
        underTest: 'control',
        display: displays[1],
        controlPage: listener.controlPage,
      }),
    ]);
    await core.shown();
    const pair = [displays[0], displays[1]] as const;
    const rig = new Rig({ electron, built, core, listener, folder, displays: pair, hard, control });
    await Promise.all([focused(hard), focused(control)]);
    await rig.mark();
    return rig;
  }

  /** Marks the shell's document, so that a reload or a navigation would be seen. */
  async mark(): Promise<void> {
    await this.hard.script('window.isMarked = true');
  }

  /** A control as it was at the start. */
  async freshControl({ broken = false } = {}): Promise<void> {
    if (broken) {
      await this.control.kill();
      this.control = await Observed.start({
        electron: this.electron,
        built: this.built,
        citizenSocket: this.core.socketPath,
        underTest: 'control',
        display: this.#displays[1],
        controlPage: this.listener.controlPage,
      });
    } else {
      const from = this.control.notices.length;
      await this.control.order({ kind: 'freshWindow' });
      await this.control.notice(({ name }) => name === 'did-finish-load', from);
    }
    await focused(this.control);
  }

  /** Completes when the control is in a state for which `holds`. */
  controlState(holds: (state: ElectronState) => boolean): Promise<ElectronState> {
    return until(() => this.control.state(), holds, FIRES_WITHIN_MS);
  }

  /** Attacks the shell and says what could be seen when all of it was over. */
  async attackShell(attack: ScriptAttack): Promise<Seen> {
    const from = this.hard.notices.length;
    const heardBefore = this.listener.heard();
    const value = await this.hard.script(scriptOf(attack, this.listener), {
      gesture: attack.gesture ?? false,
    });
    await this.hard.script(SETTLE);
    return this.#seen(this.hard, value, from, heardBefore);
  }

  /** Attacks the control and completes once the attack got out; fails when it does not. */
  async attackControl(attack: ScriptAttack): Promise<Seen> {
    await this.control.script('window.isMarked = true');
    const from = this.control.notices.length;
    const heardBefore = this.listener.heard();
    let value: unknown = null;
    let tried = from;
    const strike = (): void => {
      tried = this.control.notices.length;
      const options = { gesture: attack.gesture ?? false };
      // A control that navigates, or hangs in a dialog, never answers.
      this.control.script(scriptOf(attack, this.listener), options).then(
        (answer) => (value = answer),
        (error: unknown) => (value = String(error)),
      );
    };
    strike();
    const look = (): Promise<Seen> => {
      // Rights of a press that expired on a busy machine are no reason to doubt the attack.
      if (this.control.notices.slice(tried).some(saysThatNothingWasPressed)) strike();
      return attack.breaksControl === true
        ? this.#outside(this.control, value, from)
        : this.#seen(this.control, value, from, heardBefore);
    };
    return until(look, attack.gotOut, FIRES_WITHIN_MS);
  }

  async #seen(target: Observed, value: unknown, from: number, before: number): Promise<Seen> {
    const outside = await this.#outside(target, value, from);
    const { windows } = await target.state();
    return {
      ...outside,
      heard: this.listener.heard() - before,
      windows: windows.length,
      url: windows[0]?.url ?? '',
      sameDocument: await isMarked(target),
    };
  }

  /** What can be seen without asking Electron, which a native dialog may have stopped. */
  async #outside(target: Observed, value: unknown, from: number): Promise<Seen> {
    return {
      value,
      heard: 0,
      notices: target.notices.slice(from),
      windows: 1,
      nativeWindows: (await target.display.windows()).length,
      url: '',
      sameDocument: true,
    };
  }

  /** What of the kiosk is no longer as it must be; empty when all is well. */
  async damage(): Promise<readonly string[]> {
    const [state, native, marked] = await Promise.all([
      this.hard.state(),
      this.hard.display.windows(),
      isMarked(this.hard),
    ]);
    return [
      ...damageIn(state),
      ...(native.length === 1 ? [] : [`${native.length} native windows`]),
      ...(marked ? [] : ['the document was replaced']),
    ];
  }

  async stop(): Promise<void> {
    await this.hard.stop();
    await this.control.kill();
    await this.core.stop();
    await this.listener.stop();
    for (const display of this.#displays) await display.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const saysThatNothingWasPressed = ({ name, detail }: Notice): boolean =>
  name === 'title' && /User activation is required|Must be handling a user gesture/.test(detail);

function damageIn({ windows, display }: ElectronState): string[] {
  const [window] = windows;
  if (window === undefined || windows.length > 1) return [`${windows.length} windows`];
  const wrong: string[] = [];
  if (window.url !== CITIZEN_PAGE) wrong.push(`at ${window.url}`);
  if (!window.kiosk || !window.fullScreen) wrong.push('not full screen');
  if (window.minimized) wrong.push('minimised');
  if (!window.focused) wrong.push('not focused');
  if (window.zoom !== 1) wrong.push(`zoomed ${window.zoom}`);
  if (window.devTools) wrong.push('developer tools');
  if (JSON.stringify(window.bounds) !== JSON.stringify(display)) wrong.push('not the whole screen');
  return wrong;
}

async function isMarked(target: Observed): Promise<boolean> {
  try {
    return (await target.script('window.isMarked === true')) === true;
  } catch {
    // The document was going away while it was asked.
    return false;
  }
}

/** Asks again and again; only for what tells nobody when it comes, such as a native dialog. */
export async function until<T>(
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  withinMs: number,
): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() > endMs)
      throw new Error(`not within ${withinMs} ms: ${JSON.stringify(value)}`);
  }
}

/** Completes when keys and the rights of a press go to the page. */
export const focused = (target: Observed): Promise<boolean> =>
  until(
    async () => {
      const { windows } = await target.state();
      return windows[0]?.focused === true && (await target.script('document.hasFocus()')) === true;
    },
    (yes) => yes,
    FIRES_WITHIN_MS,
  );
