/** What a host asked of the simulated reader. */
export type Request =
  | { readonly kind: 'powerOn'; readonly powerSelect: number }
  | { readonly kind: 'powerOff' }
  | { readonly kind: 'slotStatus' }
  | {
      readonly kind: 'block';
      readonly waiting: number;
      readonly level: number;
      readonly data: Buffer;
    }
  | { readonly kind: 'abort' }
  | { readonly kind: 'unknown'; readonly type: number }
  /** Of a known kind, but with bytes that it must not have; `at` is the first of them. */
  | { readonly kind: 'wrongBytes'; readonly at: number };

export interface RequestMessage {
  readonly slot: number;
  readonly sequence: number;
  readonly request: Request;
}

const HEADER = 10;

/**
 * Reads a message from the host by the text of CCID 1.1 §6.1. Shares no code with the driver. Null where there is
 * not even a slot and a number to answer to.
 */
export function readRequest(message: Uint8Array): RequestMessage | null {
  if (message.length < HEADER) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const slot = view.getUint8(5);
  const sequence = view.getUint8(6);
  const wrong = (at: number): RequestMessage => ({
    slot,
    sequence,
    request: { kind: 'wrongBytes', at },
  });
  if (view.getUint32(1, true) !== message.length - HEADER) return wrong(1);
  const type = view.getUint8(0);
  const isBlock = type === 0x6f;
  if (!isBlock && message.length > HEADER) return wrong(1);
  const request = requestOf(type, view, message);
  // What is reserved must be zero: all three of most commands, two of a power on, none of a block.
  const reservedFrom = isBlock || request.kind === 'unknown' ? HEADER : type === 0x62 ? 8 : 7;
  for (let at = reservedFrom; at < HEADER; at++) if (view.getUint8(at) !== 0) return wrong(at);
  return { slot, sequence, request };
}

function requestOf(type: number, view: DataView, message: Uint8Array): Request {
  switch (type) {
    case 0x62:
      return { kind: 'powerOn', powerSelect: view.getUint8(7) };
    case 0x63:
      return { kind: 'powerOff' };
    case 0x65:
      return { kind: 'slotStatus' };
    case 0x6f:
      return {
        kind: 'block',
        waiting: view.getUint8(7),
        level: view.getUint16(8, true),
        data: Buffer.from(message.subarray(HEADER)),
      };
    case 0x72:
      return { kind: 'abort' };
    default:
      return { kind: 'unknown', type };
  }
}
