import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { checkPrintOrder } from '../../../src/documents/order-digest.ts';
import type { FuzzTarget } from '../target.ts';

/** The example key of RFC 8037, appendix A: it stands in for the registry's. */
const jwk = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};
const key = createPrivateKey({ key: jwk, format: 'jwk' });
const expected = { terminalId: 'T', requestId: 'R', attemptId: 'A', mode: 'specimen' } as const;

/** The registry's order for a sheet: the JWS itself, or by the first byte a payload that the registry did sign. */
export const target: FuzzTarget = {
  maxBytes: 1_200,
  async fuzz(bytes) {
    const isSigned = ((bytes[0] ?? 0) & 1) === 1;
    const rest = bytes.subarray(1);
    const order = await checkPrintOrder({
      jws: isSigned ? signed(rest) : rest.toString('latin1'),
      publicJwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x },
      expected,
      content: { pdf: Buffer.from('%PDF-1.7') },
      nowSeconds: 0,
    });
    if (!order.ok) return;
    assert.ok(isSigned, 'nobody signed it');
    const { terminalId, requestId, attemptId, mode } = order.value;
    assert.deepEqual({ terminalId, requestId, attemptId, mode }, expected);
  },
};

function signed(payload: Buffer): string {
  const header = Buffer.from('{"alg":"EdDSA"}').toString('base64url');
  const text = `${header}.${payload.toString('base64url')}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}
