/** How many points struck, and how many card attempts came to `uncertain` in them. */
export interface Tally {
  struck: number;
  uncertain: number;
}

/** A cabinet of these worlds has every sensor: a death of core alone leaves nothing that they cannot tell. */
const CEILING = 0;

/** What is wrong where more came to `uncertain` than the sensors leave open: "always uncertain" is safe and useless. */
export const uncertainCeiling = ({ struck, uncertain }: Tally): string[] =>
  uncertain > CEILING ? [`${uncertain} of ${struck} points, more than ${CEILING}`] : [];
