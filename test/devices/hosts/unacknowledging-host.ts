import { Socket } from 'node:net';
import { attachJsonLines } from '../../../src/base/json-lines.ts';
import type { FromHost, ToHost } from '../../../drivers/contract/wire.ts';

/** A host that completes commands without having acknowledged them. */
const write = attachJsonLines(new Socket({ fd: 3 }), {
  onFrame: (raw) => {
    const frame = raw as ToHost;
    const send = (answer: FromHost): void => write(answer);
    if (frame.type === 'open') {
      const devices = frame.devices.map(({ name, deviceClass, driver }) => {
        return { name, deviceClass, driver, real: false };
      });
      send({ type: 'opened', devices });
      return;
    }
    const { requestId } = frame;
    const end = { completionCode: 'success', errorCode: null, reason: null, payload: {} } as const;
    send({ type: 'completion', requestId, ...end });
  },
  onClose: () => process.exit(0),
});
