/**
 * A masked name as it fits a screen: of each run of stars three dots stay, so that neither a long name
 * nor its length shows. `B****** S*****` becomes `B••• S•••`.
 */
export function shortMaskedName(masked: string): string {
  return masked.replace(/\*+/g, (stars) => '•'.repeat(Math.min(stars.length, 3)));
}
