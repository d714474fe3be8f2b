import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson } from '../../../src/registry/http/strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

describe('strict JSON', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const result = parse(text);
        const hostile = /"(?:__proto__|constructor|prototype)"/.test(text);
        if (hostile) return;
        expect(result).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it.each([
    ['a name twice in one object', '{"a":1,"b":{},"a":2}', 'duplicateKey'],
    ['a name twice by an escape', '{"a":1,"\\u0061":2}', 'duplicateKey'],
    ['a name twice deep inside', '[{"x":[{"a":"}","a":1}]}]', 'duplicateKey'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'forbiddenKey'],
    ['__proto__ by an escape', '{"\\u005f_proto__":1}', 'forbiddenKey'],
    ['ten thousand brackets', '['.repeat(10_000) + ']'.repeat(10_000), 'tooDeep'],
    ['an unclosed string', '{"a', 'notJson'],
    ['a string that ends in an escaped quote', '"\\"', 'notJson'],
    ['a cut object', '{"a":1', 'notJson'],
    ['nothing', '', 'notJson'],
    ['a byte order mark', '\uFEFF{}', 'notJson'],
  ])('refuses %s', (_, text, fault) => {
    expect(parse(text)).toEqual({ ok: false, error: fault });
  });

  it('tells names from strings that look like names', () => {
    const text = '{"a":"\\"a\\":1,\\\\","b":["a","a"],"c":{"a":1}}';
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(parseStrictJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual({
      ok: false,
      error: 'notUtf8',
    });
  });
});
