import assert from 'node:assert/strict';
import { parseStrictJson } from '../../../src/registry/http/strict-json.ts';
import type { FuzzTarget } from '../target.ts';

/** The registry's JSON: what is taken is what JSON.parse reads, and less is taken. */
export const target: FuzzTarget = {
  maxBytes: 600,
  fuzz(bytes) {
    const parsed = parseStrictJson(bytes);
    if (!parsed.ok) return;
    assert.deepEqual(parsed.value, JSON.parse(bytes.toString('utf8')));
    assert.ok(depthOf(parsed.value) <= 32);
    assert.ok(!hasOwnProto(parsed.value));
  },
};

const membersOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...membersOf(value).map(depthOf));
}

function hasOwnProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const hostile = ['__proto__', 'constructor', 'prototype'];
  return hostile.some((key) => Object.hasOwn(value, key)) || membersOf(value).some(hasOwnProto);
}
