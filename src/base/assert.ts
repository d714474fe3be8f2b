/** Ends every switch over a union: a new member fails to compile, an impossible one stops the process. */
export function assertNever(value: never): never {
  throw new InvariantError(`unexpected variant ${JSON.stringify(value)}`);
}

/** Something our own code promised did not hold. Never caught except by a process's exit policy. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
