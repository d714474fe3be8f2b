import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

// Core gives its children an environment of their own. Here they also get the folder of compiled code, for
// speed alone: a thousand starts would compile the same files.
const NODE_COMPILE_CACHE = process.env['NODE_COMPILE_CACHE'];
const { fork, spawn } = childProcess;

childProcess.fork = ((entry: string, args: readonly string[], options: childProcess.ForkOptions) =>
  fork(entry, args, {
    ...options,
    env: { ...options.env, NODE_COMPILE_CACHE },
  })) as typeof fork;
childProcess.spawn = ((file: string, args: readonly string[], options: childProcess.SpawnOptions) =>
  spawn(file, args, {
    ...options,
    env: file === process.execPath ? { ...options.env, NODE_COMPILE_CACHE } : options.env,
  })) as typeof spawn;
syncBuiltinESMExports();
