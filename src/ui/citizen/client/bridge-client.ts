import * as z from 'zod';
import type { CitizenToCore } from '../../../rpc/citizen.ts';
import { coreToCitizenSchema } from '../../../rpc/citizen.ts';
import type { CitizenClient } from './client.ts';

/** What the shell's preload offers to the citizen page, and all of it. */
export interface CitizenBridge {
  subscribe(listener: (frame: unknown) => void): void;
  send(frame: unknown): void;
}

declare global {
  interface Window {
    readonly anjungan?: CitizenBridge;
  }
}

/** The shell may say that its socket to core is closed; core itself never sends this. */
const awaySchema = z.strictObject({ type: z.literal('away') });
const frameSchema = z.union([coreToCitizenSchema, awaySchema]);

/** Core behind the shell's preload bridge. The shell keeps the connection; this only reads frames. */
export function createBridgeClient(bridge: CitizenBridge): CitizenClient {
  const send = (frame: CitizenToCore): void => bridge.send(frame);
  return {
    onView(listener) {
      let listening = true;
      bridge.subscribe((received) => {
        if (!listening) return;
        const frame = frameSchema.safeParse(received);
        listener(frame.success && frame.data.type === 'view' ? frame.data.view : null);
      });
      return () => {
        listening = false;
      };
    },
    choose: (viewId, choice) => send({ type: 'choice', viewId, choice }),
    shown: (viewId) => send({ type: 'shown', viewId }),
  };
}
