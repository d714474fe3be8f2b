/** Has Jazzer.js load the library named by JAZZER_LIBRARY in place of its own: node --import THIS. */
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const copy = process.env.JAZZER_LIBRARY;
registerHooks({
  resolve: (specifier, context, next) =>
    /fuzzer-linux-\w+\.node$/.test(specifier) && path.isAbsolute(specifier)
      ? { url: pathToFileURL(copy).href, format: 'addon', shortCircuit: true }
      : next(specifier, context),
});
