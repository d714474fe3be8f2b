import { createHash, randomBytes } from 'node:crypto';
import { heldContentSchema, type HeldContent, type Meeting } from '../../drivers/contract/held.ts';

const held = new Map<string, Uint8Array>();

/** A command of some device, as its host gives it: parameters and answer are its class's. */
export type Give = (params: unknown) => Promise<never>;
const borrowers = new Map<string, (give: Give) => Promise<void>>();
const meeting = (): Meeting => ({
  socketPath: 'in this process',
  ticket: randomBytes(16).toString('hex'),
});

/** The bytes for whoever comes with the ticket: as the process of the documents does, without a process. */
export function hold(bytes: Uint8Array): HeldContent {
  const at = meeting();
  held.set(at.ticket, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...at, bytes: bytes.length, sha256 };
}

/** Parameters with what was held put in, as a host does it. */
export const withHeld = (params: unknown): unknown =>
  Object.fromEntries(
    Object.entries(params as Record<string, unknown>).map(([name, value]) => {
      const found = heldContentSchema.safeParse(value);
      if (!found.success) return [name, value];
      const bytes = held.get(found.data.ticket);
      if (bytes === undefined) throw new Error('a ticket is good once');
      held.delete(found.data.ticket);
      return [name, Buffer.from(bytes).toString('base64')];
    }),
  );

export function borrow(use: (give: Give) => Promise<void>): Meeting {
  const at = meeting();
  borrowers.set(at.ticket, use);
  return at;
}

/** Completes when the borrower is done with the command. */
export async function lendTo({ ticket }: Meeting, give: Give): Promise<void> {
  const use = borrowers.get(ticket);
  if (use === undefined) throw new Error('nobody waits for this ticket');
  borrowers.delete(ticket);
  await use(give);
}
