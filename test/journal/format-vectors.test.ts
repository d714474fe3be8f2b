import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { formatVectors, renderJournalFormat } from '../../scripts/docs/journal-format.ts';

/** Computed here from the page alone, with nothing of the program: as a stranger would. */
const page = readFileSync(path.resolve(import.meta.dirname, '../../src/journal/FORMAT.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| `(\{.*\})` \| `([0-9a-f]{64})` \|$/gm)].map(
  ([, seq = '', body = '', hash = '']) => ({ seq: BigInt(seq), body: Buffer.from(body), hash }),
);
const keys = [...page.matchAll(/-----BEGIN PUBLIC KEY-----[^]*?-----END PUBLIC KEY-----/g)].map(
  ([pem]) => createPublicKey(pem),
);
const signatures = [...page.matchAll(/^A good signature, in base64: `([^`]+)`$/gm)].map(
  ([, text = '']) => Buffer.from(text, 'base64'),
);

describe('the vectors on the page', () => {
  it('are three rows, two keys and two signatures', () => {
    expect([rows.length, keys.length, signatures.length]).toEqual([3, 2, 2]);
  });

  it('chain by the formula on the page', () => {
    let previous: Buffer = Buffer.alloc(32);
    for (const { seq, body, hash } of rows) {
      const numbers = Buffer.alloc(12);
      numbers.writeBigUInt64BE(seq);
      numbers.writeUInt32BE(body.length, 8);
      previous = createHash('sha256')
        .update(Buffer.from('616e6a2d6a3200', 'hex'))
        .update(previous)
        .update(numbers)
        .update(body)
        .digest();
      expect(previous.toString('hex')).toBe(hash);
    }
  });

  it('spell out what is hashed for row 1', () => {
    const spelled = /^616e[0-9a-f]+ [0-9a-f ]+$/m.exec(page)?.[0].replaceAll(' ', '') ?? '';
    const hash = createHash('sha256').update(Buffer.from(spelled, 'hex')).digest('hex');
    expect(hash).toBe(rows[0]?.hash);
  });

  it.each([
    [0, 'ed25519', null],
    [1, 'ecdsa-p256-sha256', 'sha256'],
  ] as const)('%i: are signed by %s over the six lines on the page', (index, algorithm, digest) => {
    const at = /`at_ms` (\d+), algorithm `ed25519`/.exec(page)?.[1] ?? '';
    const head = rows.at(-1)?.hash ?? '';
    const lines = ['anj-head-1', 'ADM-SPESIMEN-01', '3', head, at, algorithm];
    const message = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    expect(page).toContain(message.toString('hex'));
    const [key, signature] = [keys[index], signatures[index]];
    if (key === undefined || signature === undefined) throw new Error('no key or signature');
    const options = { key, dsaEncoding: 'ieee-p1363' } as const;
    expect(signature).toHaveLength(64);
    expect(verify(digest, message, options, signature)).toBe(true);
    expect(verify(digest, Buffer.concat([message, message]), options, signature)).toBe(false);
  });

  it('stand on the page as the program makes them, and no part of the page is lost', () => {
    expect(renderJournalFormat()).toBe(page);
    expect(formatVectors().rows.map(({ hash }) => hash)).toEqual(rows.map(({ hash }) => hash));
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
    expect(headings).toEqual([
      'The file',
      'The body',
      'The chain',
      'The signature',
      'What must be signed',
      'Beside the rows',
      'Anchors',
      'The verdict',
      'Test vectors',
    ]);
    expect(page.match(/<!-- generated: /g)).toHaveLength(2);
  });
});
