import type { CitizenToCore } from '../../../rpc/citizen.ts';
import { coreToCitizenSchema } from '../../../rpc/citizen.ts';
import type { SessionView } from '../../../rpc/citizen-view.ts';
import type { CitizenClient } from './client.ts';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4000;

/** Core over a WebSocket, for the preview in a browser. Reconnects for as long as someone listens. */
export function createSocketClient(address: string): CitizenClient {
  let socket: WebSocket | null = null;
  const send = (frame: CitizenToCore): void => {
    // What is said to a closed connection is lost on purpose: the view it answered is gone too.
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  return {
    onView(listener) {
      let stopped = false;
      let retryMs = FIRST_RETRY_MS;
      let retry: ReturnType<typeof setTimeout> | undefined;
      const connect = (): void => {
        const current = new WebSocket(address);
        socket = current;
        current.onmessage = (event: MessageEvent<unknown>) => {
          const view = viewIn(event.data);
          if (view === null) {
            current.close();
            return;
          }
          retryMs = FIRST_RETRY_MS;
          listener(view);
        };
        current.onclose = () => {
          if (stopped) return;
          listener(null);
          retry = setTimeout(connect, retryMs);
          retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
        };
      };
      connect();
      return () => {
        stopped = true;
        clearTimeout(retry);
        socket?.close();
      };
    },
    choose: (viewId, choice) => send({ type: 'choice', viewId, choice }),
    shown: (viewId) => send({ type: 'shown', viewId }),
  };
}

/** The view in a message, or null where it breaks the protocol. */
function viewIn(data: unknown): SessionView | null {
  if (typeof data !== 'string') return null;
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const frame = coreToCitizenSchema.safeParse(json);
  return frame.success ? frame.data.view : null;
}

/** `/citizen` of the host that served this page. */
export function previewAddress(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/citizen`;
}
