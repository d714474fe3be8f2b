/** What of a name tells people apart: letters and digits, without case, marks, spaces or points. */
const bareName = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/** True where two names read the same: `Ani Wulandari` and `ani.wulandari` are one person. */
export const isSameName = (one: string, other: string): boolean =>
  bareName(one) === bareName(other);
