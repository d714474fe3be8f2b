/** `SITI AMINAH` → `S*** A*****`: enough for the claimant, not for a bystander. */
export const maskName = (name: string): string =>
  name.replace(/[^\s]+/g, (word) => `${word.charAt(0)}${'*'.repeat(Math.max(word.length - 1, 2))}`);
