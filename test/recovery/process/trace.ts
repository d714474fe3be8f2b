/** One thing that core did to the disk or said to a socket, in the order in which it happened. */
export interface Traced {
  readonly op: 'pwrite' | 'append' | 'truncate' | 'unlink' | 'rename' | 'sync' | 'send' | 'command';
  /** Relative to the root of the world; `-` for a socket. */
  readonly path: string;
  /** Of a write; of a truncation the new size. */
  readonly offset: number;
  /** What was written, the new name of a rename, or the beginning of what was said. */
  readonly data: Buffer;
}

const OPS: ReadonlySet<string> = new Set([
  'pwrite',
  'append',
  'truncate',
  'unlink',
  'rename',
  'sync',
  'send',
  'command',
]);

/** Reads what the shim wrote: "op path offset length", the bytes, an end of line. A cut last record is left out. */
export function readTrace(bytes: Buffer): Traced[] {
  const traced: Traced[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end === -1) break;
    const [op = '', path = '', offset = '', size = ''] = bytes
      .toString('latin1', at, end)
      .split(' ');
    if (!OPS.has(op) || !/^\d+$/.test(size)) throw new Error(`no record of a trace at byte ${at}`);
    const from = end + 1;
    const to = from + Number(size);
    if (to >= bytes.length) break;
    const data = bytes.subarray(from, to);
    traced.push({ op: op as Traced['op'], path, offset: Number(offset), data });
    at = to + 1;
  }
  return traced;
}

/** A command to a device host, as its frame begins; `sessionId` null between sessions. */
export function commandIn({ data }: Traced): {
  readonly device: string;
  readonly command: string;
  readonly sessionId: string | null;
} {
  const frame = data.toString('latin1');
  const found = /"device":"([^"]+)","command":"([^"]+)"(?:,"sessionId":(?:"([^"]+)"|null))?/.exec(
    frame,
  );
  const [, device, command, sessionId] = found ?? [];
  if (device === undefined || command === undefined) throw new Error('a frame names no command');
  return { device, command, sessionId: sessionId ?? null };
}
