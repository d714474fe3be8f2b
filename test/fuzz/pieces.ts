/** Reads the first byte as a length and cuts the rest into pieces of it, as a line or a bus delivers them. */
export function inPieces(bytes: Buffer): { readonly whole: Buffer; readonly pieces: Buffer[] } {
  const length = (bytes[0] ?? 0) + 1;
  const whole = bytes.subarray(1);
  const count = Math.ceil(whole.length / length);
  const pieces = Array.from({ length: count }, (_, index) =>
    whole.subarray(index * length, (index + 1) * length),
  );
  return { whole, pieces };
}

/** Reads bytes as a row of messages, each with its length in one byte before it; the last may be cut short. */
export function messagesIn(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + (bytes[at] ?? 0);
    messages.push(bytes.subarray(at + 1, end));
    at = end;
  }
  return messages;
}
