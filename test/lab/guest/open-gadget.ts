import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 20;
const LIMIT_MS = 10_000;

/** Opens a gadget's own end. Until its host has set it up, the kernel opens that of a printer for nobody (ENODEV). */
export async function openGadget(device: string, flags: string | number): Promise<number> {
  const endMs = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      return openSync(device, flags);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENODEV' || performance.now() > endMs) throw error;
    }
    await delay(LOOK_AGAIN_MS);
  }
}
