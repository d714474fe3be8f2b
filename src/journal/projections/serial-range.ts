import { err, ok, type Result } from '../../base/result.ts';

/**
 * The serials of a range: `KTP-0098` and three more are `KTP-0098` to `KTP-0101`. The digits at the
 * end keep their width; a range that would outgrow it is refused.
 */
export function serialsOfRange(
  firstSerial: string,
  count: number,
): Result<string[], { readonly kind: 'noDigits' } | { readonly kind: 'outgrowsWidth' }> {
  const digits = /\d+$/.exec(firstSerial)?.[0];
  if (digits === undefined) return err({ kind: 'noDigits' });
  const prefix = firstSerial.slice(0, -digits.length);
  const first = BigInt(digits);
  const last = first + BigInt(count - 1);
  if (String(last).length > digits.length) return err({ kind: 'outgrowsWidth' });
  return ok(
    Array.from({ length: count }, (_, index) => {
      const number = String(first + BigInt(index)).padStart(digits.length, '0');
      return `${prefix}${number}`;
    }),
  );
}
