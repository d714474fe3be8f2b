/** A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection), quoted or not. */
const FORMULA_START = /^[\s]*[=+\-@\t\r|%]/;

/**
 * Rows as CSV (RFC 4180): every cell quoted, lines ended by CR LF. A cell that a spreadsheet would run
 * begins with an apostrophe, which it shows as text.
 */
export function csv(rows: readonly (readonly (string | null)[])[]): string {
  const cell = (value: string | null): string => {
    const text = value ?? '';
    const safe = FORMULA_START.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
