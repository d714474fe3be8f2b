import { err, ok, type Result } from '../../base/result.ts';

const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** What a hostile or broken peer may send that `JSON.parse` alone would take. Names the rule, never the content. */
export type JsonFault = 'notUtf8' | 'notJson' | 'tooDeep' | 'duplicateKey' | 'forbiddenKey';

/**
 * RFC 8259 text in UTF-8 whose objects have unique names (RFC 7493 section 2.3), at most 32 levels deep,
 * without the names JavaScript gives a meaning to.
 */
export function parseStrictJson(bytes: Uint8Array): Result<unknown, JsonFault> {
  const text = decodeUtf8(bytes);
  if (text === null) return err('notUtf8');
  const fault = findFault(text);
  if (fault !== null) return err(fault);
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return err('notJson');
  }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One pass over strings and brackets; whether the rest is JSON is left to `JSON.parse`. */
function findFault(text: string): JsonFault | null {
  const open: (Set<string> | null)[] = [];
  let lastString: string | null = null;
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : null);
        if (open.length > MAX_DEPTH) return 'tooDeep';
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        if (end === -1) return 'notJson';
        lastString = text.slice(at, end + 1);
        at = end;
        break;
      }
      case ':': {
        const key = lastString === null ? null : decodeKey(lastString);
        if (key === null) return 'notJson';
        if (FORBIDDEN_KEYS.has(key)) return 'forbiddenKey';
        const names = open.at(-1);
        if (names?.has(key) === true) return 'duplicateKey';
        names?.add(key);
        break;
      }
    }
  }
  return null;
}

/** Index of the quote that ends the string begun at `start`: the first one after an even run of backslashes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === '\\') before--;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

/** Escapes are resolved first: `"\u005f_proto__"` names the same member. */
function decodeKey(token: string): string | null {
  try {
    return JSON.parse(token) as string;
  } catch {
    return null;
  }
}
