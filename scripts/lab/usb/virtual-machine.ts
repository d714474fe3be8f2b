import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { LabProcess } from '../lab-process.ts';
import type { LabKernel } from './kernel.ts';

const GUEST_SCRIPT = path.join(import.meta.dirname, 'guest/main.sh');

export interface GuestProgram {
  readonly kernel: LabKernel;
  readonly initrd: string;
  /** A program for Node that the guest runs, as root, once its buses are up; a path of this machine. */
  readonly program: string;
  /** Shared with the guest, which writes there what it said and how it ended. */
  readonly outFolder: string;
  readonly limitMs: number;
  /** Further devices, of QEMU's command line. */
  readonly devices: readonly string[];
  /** Begins once the machine runs, and ends by itself when `isOver`. */
  readonly beside: (isOver: () => boolean) => Promise<void>;
}

export interface GuestRun {
  /** Of the program; null where the guest did not come to its end. */
  readonly exitCode: number | null;
  readonly said: string;
  /** By which signal or code the machine itself ended. */
  readonly machineEnding: string;
  /** The end of what the machine's console showed. */
  readonly console: string;
}

/**
 * Boots a machine in software, which has this machine's root to read and a memory of its own to write, and
 * completes when the program there has ended, or the time is over. Emulated, so that no machine is too
 * virtual itself; what takes long in it says nothing of speed.
 */
export async function runInGuest(guest: GuestProgram): Promise<GuestRun> {
  const { kernel, initrd, program, outFolder, limitMs, devices, beside } = guest;
  rmSync(outFolder, { recursive: true, force: true });
  mkdirSync(outFolder, { recursive: true });
  const words = {
    labscript: GUEST_SCRIPT,
    labmodules: kernel.modules,
    labnode: process.execPath,
    labprogram: program,
  };
  const append = Object.entries(words).map(([name, value]) => `${name}=${value}`);
  const machine = new LabProcess([
    'qemu-system-x86_64',
    ...['-M', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-m', '2048', '-smp', '2'],
    ...['-no-reboot', '-nic', 'none', '-display', 'none', '-serial', 'stdio'],
    ...['-kernel', kernel.image, '-initrd', initrd],
    ...['-append', `console=ttyS0 quiet panic=-1 ${append.join(' ')}`],
    ...['-fsdev', 'local,id=host,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=host,mount_tag=host'],
    ...['-fsdev', `local,id=out,path=${outFolder},security_model=none`],
    ...['-device', 'virtio-9p-pci,fsdev=out,mount_tag=out'],
    ...['-device', 'qemu-xhci,id=xhci'],
    ...devices,
  ]);
  const timer = setTimeout(() => void machine.kill(), limitMs);
  await Promise.all([beside(() => !machine.running), machine.gone]);
  clearTimeout(timer);
  const file = (name: string): string | null => {
    const at = path.join(outFolder, name);
    return existsSync(at) ? readFileSync(at, 'utf8') : null;
  };
  const status = file('status')?.trim() ?? '';
  return {
    exitCode: /^\d+$/.test(status) ? Number(status) : null,
    said: file('said') ?? '',
    machineEnding: machine.ending ?? 'nothing at all',
    console: machine.output,
  };
}
