import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

// What is said to a chip passes core by. The process that says it carries the shim too, counts its frames
// on the same page, and strikes at core; see `shim.c`.
const { LD_PRELOAD, ANJ_CONTROL } = process.env;
const fork = childProcess.fork.bind(childProcess);
childProcess.fork = ((entry: string, args: readonly string[], options: childProcess.ForkOptions) =>
  fork(entry, args, {
    ...options,
    env: { ...options.env, LD_PRELOAD, ANJ_CONTROL, ANJ_CHIP: '1' },
  })) as typeof childProcess.fork;
syncBuiltinESMExports();
