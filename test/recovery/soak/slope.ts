/** The slope of the least-squares line through a figure of what was sampled over the last four fifths, a session. */
export function slopeOf<S extends { readonly session: number }>(
  samples: readonly S[],
  figure: (sample: S) => number,
): number {
  const last = samples.at(-1)?.session ?? 0;
  const points = samples.filter(({ session }) => session >= last / 5);
  const mean = (of: (sample: S) => number): number =>
    points.reduce((sum, sample) => sum + of(sample), 0) / points.length;
  const x = mean(({ session }) => session);
  const y = mean(figure);
  const over = points.reduce((sum, one) => sum + (one.session - x) * (figure(one) - y), 0);
  const under = points.reduce((sum, one) => sum + (one.session - x) ** 2, 0);
  return over / under;
}
