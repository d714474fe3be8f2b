/**
 * Six digits or hexadecimal digits in a row, or four bytes written apart: a NIK, a card's UID, an APDU.
 * Also a collection code, which is no number.
 */
const TELLING = /[0-9a-f]{6,}|\b[0-9a-f]{2}(?:[ :-][0-9a-f]{2}){3,}\b|ANJ1\.\S+/gi;

/** A line of somebody else's program without what may be a citizen's number, a key or a card's answer. */
export const redact = (line: string): string => line.replace(TELLING, '…');
