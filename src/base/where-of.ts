/** Name, code and places of an error. Its message is left out: it may quote what a card or a scanner said. */
export function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = [`${error.name}${code}`, ...frames].join('\n');
  return error.cause === undefined ? own : `${own}\ncaused by ${whereOf(error.cause)}`;
}
