/** Jest runs TypeScript and TSX through esbuild, as ES modules; types are checked by tsc, not here. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.(ts|tsx)$': '<rootDir>/scripts/jest-esbuild.js' },
  modulePathIgnorePatterns: ['<rootDir>/out/', '<rootDir>/dist/', '<rootDir>/.cache/'],
  maxWorkers: 2,
  // Many tests start real daemons; a busy machine is no reason for them to fail.
  testTimeout: 30_000,
};
