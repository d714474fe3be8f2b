import { siti, TYPE_A_UID } from '../drivers/ektp/synthetic-card.ts';

/** The citizen who comes to the lab's card reader; nobody of that name is alive. */
export const labCitizen = { uidHex: TYPE_A_UID, biodata: siti };
