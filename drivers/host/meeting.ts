import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { Completion } from '../contract/completion.ts';
import { heldContentSchema, type HeldContent, type Meeting } from '../contract/held.ts';

/** Nobody waits there, or not with what was promised. */
export type MeetingFault = { readonly kind: 'notMet' } | { readonly kind: 'otherContent' };

/** Longer than it takes to copy a file of megabytes within one machine. */
const FETCH_MS = 10_000;

/** The parameters with everything in them that was held elsewhere; as they are where nothing was. */
export async function withHeld(params: unknown): Promise<Result<unknown, MeetingFault>> {
  if (typeof params !== 'object' || params === null) return ok(params);
  const whole: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    const held = heldContentSchema.safeParse(value);
    if (!held.success) {
      whole[name] = value;
      continue;
    }
    const fetched = await fetchHeld(held.data);
    if (!fetched.ok) return fetched;
    whole[name] = fetched.value.toString('base64');
  }
  return ok(whole);
}

/** Completes with exactly the bytes that were promised. */
async function fetchHeld(held: HeldContent): Promise<Result<Buffer, MeetingFault>> {
  const socket = await meet(held);
  if (socket === null) return err({ kind: 'notMet' });
  const timer = setTimeout(() => socket.destroy(), FETCH_MS);
  const chunks: Buffer[] = [];
  let size = 0;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > held.bytes) socket.destroy();
  });
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  const bytes = Buffer.concat(chunks);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return bytes.length === held.bytes && sha256 === held.sha256
    ? ok(bytes)
    : err({ kind: 'otherContent' });
}

/**
 * Gives a command for whoever waits at the meeting: each line is the parameters of one, each answer its
 * completion. Completes when the other side has hung up, or was hung up on because the signal was aborted, with
 * how often it was given.
 */
export async function relayFrom(
  meeting: Meeting,
  give: (params: unknown) => Promise<Completion>,
  signal: AbortSignal,
): Promise<Result<{ readonly commands: number }, MeetingFault>> {
  const socket = await meet(meeting);
  if (socket === null) return err({ kind: 'notMet' });
  let commands = 0;
  let last: Promise<void> = Promise.resolve();
  const hungUp = Promise.withResolvers<undefined>();
  const write = attachJsonLines(socket, {
    onFrame: (params) => {
      commands += 1;
      last = last.then(async () => write(await give(params)));
      // A driver that throws ends the host; see there.
      last.catch(hungUp.reject);
    },
    onClose: () => hungUp.resolve(undefined),
  });
  const hangUp = (): void => void socket.destroy();
  signal.addEventListener('abort', hangUp);
  if (signal.aborted) hangUp();
  await hungUp.promise;
  signal.removeEventListener('abort', hangUp);
  await last;
  socket.destroy();
  return ok({ commands });
}

/** A connection over which the ticket was said; null where nobody listens. */
function meet({ socketPath, ticket }: Meeting): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    // Of a connection that was there, the end tells enough.
    socket.on('error', () => resolve(null));
    socket.once('connect', () => {
      socket.write(`${ticket}\n`);
      resolve(socket);
    });
  });
}
