/** Completes when it is done; with a number, its milliseconds, where it clocks itself. */
type Step = () => unknown;

/**
 * Runs steps one after the other, beginning with another each round, so that each finds the machine as the others
 * left it. Completes with the milliseconds of each by its name.
 */
export async function inTurn<Name extends string>(
  steps: Readonly<Record<Name, Step>>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(steps) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const began = performance.now();
      const clocked: unknown = await steps[name]();
      const taken = typeof clocked === 'number' ? clocked : performance.now() - began;
      if (round >= warmUp) times[name].push(taken);
    }
  }
  return times;
}
