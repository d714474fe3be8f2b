import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';

/** Without the readers of a configuration file: what the USB has, libccid finds. */
export function startPcscd(): ChildProcess {
  const noReaders = mkdtempSync('/run/readers-');
  return spawn('/usr/sbin/pcscd', ['--foreground', '--config', noReaders], { stdio: 'ignore' });
}

/** Completes when it is gone, and has let go of the readers. */
export async function stopPcscd(daemon: ChildProcess): Promise<void> {
  const gone = once(daemon, 'exit');
  daemon.kill();
  await gone;
}
