/**
 * For the environment of a child process: the folder of compiled code that this one was given, if it was
 * (`NODE_COMPILE_CACHE`, Node's own variable). It saves half of the time a child takes to start.
 */
export function compiledCode(): Readonly<Record<string, string>> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}
