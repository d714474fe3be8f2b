/** Packages that are CommonJS ask for Node's own modules by `require`, which a bundle of ES modules has not got. */
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";
