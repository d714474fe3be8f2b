import path from 'node:path';
import * as z from 'zod';
import { programFile, root, startProgram, type Program } from './program.ts';

const registryEndpoints = z.object({ terminalApi: z.string(), front: z.string() });
const cabinetEndpoints = z.object({
  panelUrl: z.string(),
  socketPath: z.string(),
  scannerTty: z.string(),
  recordPath: z.string(),
  cardsDir: z.string(),
});
const coreEndpoints = z.object({
  citizenSocket: z.string(),
  technicianSocket: z.string(),
  console: z.string(),
  setupSecretFile: z.string().nullable(),
  preview: z.string().nullable(),
});

export type Core = Program<z.infer<typeof coreEndpoints>>;
export type Cabinet = Program<z.infer<typeof cabinetEndpoints>>;
export type Registry = Program<z.infer<typeof registryEndpoints>>;

/** The simulated cabinet on a folder of its own; a movement of the card printer takes `stepMs`. */
export const startCabinet = (
  dir: string,
  { labFile, stepMs }: { readonly labFile: string; readonly stepMs: number },
): Promise<Cabinet> =>
  startProgram({
    name: 'the simulated cabinet',
    file: programFile('drivers/cabinet/main.ts'),
    args: ['--data', dir, '--lab', labFile, '--step-ms', String(stepMs)],
    endpointsFile: path.join(dir, 'endpoints.json'),
    endpoints: cabinetEndpoints,
  });

/** The reference registry; the first start on a folder fills it with synthetic people. */
export const startRegistry = (dir: string, pkiDir: string): Promise<Registry> =>
  startProgram({
    name: 'the reference registry',
    file: programFile('src/registry/reference/main.ts'),
    args: ['--data', dir, '--pki', pkiDir],
    endpointsFile: path.join(dir, 'endpoints.json'),
    endpoints: registryEndpoints,
  });

/**
 * What core is to be started with, by whatever starts it. Signatures and hashes are made in threads, and glibc
 * gives each thread pools of memory of its own that it never gives back: with two, core stays a third smaller.
 */
export const coreEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2' };

/** Core, once a citizen could walk up. */
export const startCore = (
  dataDir: string,
  options: {
    readonly outputFile: string;
    readonly env?: NodeJS.ProcessEnv;
    /** By default the source, in which modules can be put in others' place; see `programFile`. */
    readonly file?: string;
  },
): Promise<Core> =>
  startProgram({
    name: 'core',
    file: options.file ?? path.join(root, 'src/core/main.ts'),
    args: ['--data', dataDir],
    endpointsFile: path.join(dataDir, 'run/endpoints.json'),
    endpoints: coreEndpoints,
    outputFile: options.outputFile,
    env: { ...(options.env ?? process.env), ...coreEnvironment },
  });
