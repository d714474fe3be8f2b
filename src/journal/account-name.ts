import { canonicalJson, sha256Hex } from '../base/canonical-json.ts';

/** What the event that makes an account says of its name, which stands in the table of people alone. */
export const hashOfAccountName = (personId: string, name: string): string =>
  sha256Hex(canonicalJson({ name, personId }));
