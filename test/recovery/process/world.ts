import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPagePrinterLab } from '../../../scripts/lab/page-printer-lab.ts';
import { startPcscLab } from '../../../scripts/lab/pcsc-lab.ts';
import {
  startCabinet,
  startCore,
  startRegistry,
  type Cabinet,
  type Core,
  type Registry,
} from '../../../scripts/stack/parts.ts';
import { programFile, root } from '../../../scripts/stack/program.ts';
import { sideBySide } from '../../../scripts/stack/side-by-side.ts';
import { specimenConfig, type SpecimenParts } from '../../../scripts/stack/specimen-config.ts';
import { TERMINAL_ID } from '../../../scripts/stack/stack.ts';
import { loadBlanks } from '../../../scripts/stack/stock.ts';
import { Web } from '../../../scripts/stack/web.ts';
import { createPki } from '../../../src/registry/reference/pki.ts';
import { People } from '../../journey/support/people.ts';
import { codeCache } from './code-cache.ts';
import { readFolder, type Image } from './disk.ts';
import { ShimControl } from './shim.ts';
import { readTrace, type Traced } from './trace.ts';

/** Enough for a hundred points, each of which may spoil a blank before it issues one. */
const BLANKS_A_FEEDER = 200;

const FINGER_SOCKET = 'finger.sock';

/** The data folder, and the file of acknowledged rows, below the root of a world. */
export const DATA_FOLDER = 'terminal';
export const ACKNOWLEDGED = 'acknowledged';

export interface WorldOptions {
  /** Further environment of core. */
  readonly coreEnv?: NodeJS.ProcessEnv;
  /** Modules of `preload/` that core loads first: how a mutant is made of it. */
  readonly preloads?: readonly string[];
  /** Keeps what core does to disk and sockets from each start on, and what the disk held before. */
  readonly traced?: boolean;
  /** How long a movement of the card printer takes. */
  readonly stepMs?: number;
  /** An e-KTP reader and a code scanner are fitted too; by default neither, so that no pcscd has to start. */
  readonly readers?: boolean;
  /** A simulated finger sensor is fitted too, at `fingerSocket`; who has no finger on record is not asked for one. */
  readonly fingerSensor?: boolean;
  /** The UPS of the terminal; by default it has none. */
  readonly ups?: SpecimenParts['ups'];
  /** Where core finds the registry; by default where it is. For a proxy between the two. */
  readonly registryUrl?: (registry: Registry) => Promise<string>;
}

/** What only changes Node itself does not need core as modules that can be altered one by one. */
const altersSource = (name: string): boolean => name !== 'count-chip';
const SOURCE = path.join(root, 'src/core/main.ts');

const preload = (name: string): string =>
  `--import=${path.join(import.meta.dirname, 'preload', `${name}.ts`)}`;

/**
 * Everything that outlives core: real ippeveprinter, simulated cabinet, reference registry, data folder.
 * Core comes and goes in it, with the shim preloaded. Unless `readers` are fitted its citizens type their NIK.
 */
export class World {
  readonly dir: string;
  readonly dataDir: string;
  readonly coreLogFile: string;
  readonly shim: ShimControl;
  readonly panel: Web;
  readonly front: Web;
  readonly people: People;
  readonly cabinet: Cabinet;
  readonly registry: Registry;
  readonly jobsDir: string;
  readonly #stops: (() => Promise<void>)[];
  readonly #coreEnv: NodeJS.ProcessEnv;
  readonly #coreFile: string;
  readonly #traceFile: string | null;
  #base: Image = new Map();
  #core: Core | null = null;

  private constructor(
    parts: Pick<World, 'dir' | 'dataDir' | 'shim' | 'panel' | 'front' | 'people'> &
      Pick<World, 'cabinet' | 'registry' | 'jobsDir'>,
    core: { readonly env: NodeJS.ProcessEnv; readonly file: string },
    traceFile: string | null,
    stops: (() => Promise<void>)[],
  ) {
    this.dir = parts.dir;
    this.dataDir = parts.dataDir;
    this.coreLogFile = path.join(parts.dir, 'core.log');
    this.shim = parts.shim;
    this.panel = parts.panel;
    this.front = parts.front;
    this.people = parts.people;
    this.cabinet = parts.cabinet;
    this.registry = parts.registry;
    this.jobsDir = parts.jobsDir;
    this.#coreEnv = core.env;
    this.#coreFile = core.file;
    this.#traceFile = traceFile;
    this.#stops = stops;
  }

  /** Completes when everything but core runs, with blanks in both feeders and in the ledger. */
  static async start(options: WorldOptions = {}): Promise<World> {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'anj-rec-'));
    const [dataDir, pkiDir, cabinetDir, registryDir] = [DATA_FOLDER, 'pki', 'cabinet', 'reg'].map(
      (name) => path.join(dir, name),
    ) as [string, string, string, string];
    const stops: (() => Promise<void>)[] = [];
    try {
      for (const folder of [cabinetDir, registryDir]) mkdirSync(folder, { mode: 0o700 });
      mkdirSync(path.join(dataDir, 'config'), { recursive: true, mode: 0o700 });
      const atCabinet = async () => {
        const pagePrinter = await startPagePrinterLab({ dir: path.join(dir, 'ipp') });
        stops.push(() => pagePrinter.stop());
        const pcsc =
          options.readers === true ? await startPcscLab({ dir: path.join(dir, 'pcsc') }) : null;
        if (pcsc !== null) stops.push(() => pcsc.stop());
        const { jobsDir, controlUrl: webUrl } = pagePrinter;
        const labFile = path.join(cabinetDir, 'lab.json');
        const lab = {
          pagePrinter: { jobsDir, webUrl },
          ...(pcsc === null ? {} : { virtualCard: { command: pcsc.virtualCardCommand } }),
        };
        writeFileSync(labFile, JSON.stringify(lab));
        const cabinet = await startCabinet(cabinetDir, { labFile, stepMs: options.stepMs ?? 0 });
        stops.push(() => cabinet.process.end());
        return { pagePrinter, jobsDir, cabinet, pcsc };
      };
      const atRegistry = async () => {
        await createPki(pkiDir, [TERMINAL_ID]);
        const registry = await startRegistry(registryDir, pkiDir);
        stops.push(() => registry.process.end());
        return registry;
      };
      const [{ pagePrinter, jobsDir, cabinet, pcsc }, registry] = await sideBySide([
        atCabinet(),
        atRegistry(),
      ]);
      const registryUrl = await (options.registryUrl?.(registry) ?? registry.endpoints.terminalApi);
      writeFileSync(
        path.join(dataDir, 'config/anjungan.toml'),
        specimenConfig({
          terminalId: TERMINAL_ID,
          pkiDir,
          registryUrl,
          frontUrl: registry.endpoints.front,
          cabinetSocket: cabinet.endpoints.socketPath,
          scannerTty: pcsc === null ? null : cabinet.endpoints.scannerTty,
          pcsc,
          pagePrinterUri: pagePrinter.uri,
          sharedHost: 'all',
          ...(options.fingerSensor === true
            ? { fingerSocket: path.join(cabinetDir, FINGER_SOCKET) }
            : {}),
          ...(options.ups === undefined ? {} : { ups: options.ups }),
        }),
      );
      const panel = new Web(cabinet.endpoints.panelUrl);
      const front = new Web(registry.endpoints.front);
      await loadBlanks(dataDir, panel, BLANKS_A_FEEDER);
      const shim = new ShimControl(path.join(dir, 'shim-control'));
      const people = await People.of({ front });
      const parts = { dir, dataDir, shim, panel, front, people, cabinet, registry, jobsDir };
      const { preloads = [] } = options;
      const traceFile = options.traced === true ? path.join(dir, 'trace') : null;
      const coreEnv = {
        ...process.env,
        ...shim.environment(dir, traceFile),
        ANJ_ACKNOWLEDGED: path.join(dir, ACKNOWLEDGED),
        NODE_COMPILE_CACHE: codeCache(),
        NODE_OPTIONS: preloads.map(preload).join(' '),
        ...options.coreEnv,
      };
      const file = programFile('src/core/main.ts');
      return new World(
        parts,
        { env: coreEnv, file: preloads.some(altersSource) ? SOURCE : file },
        traceFile,
        stops,
      );
    } catch (cause) {
      for (const stop of stops.reverse()) await stop();
      rmSync(dir, { recursive: true, force: true });
      throw cause;
    }
  }

  /** Where a finger is put on the sensor, if there is one. */
  get fingerSocket(): string {
    return path.join(this.dir, 'cabinet', FINGER_SOCKET);
  }

  /** Core as it runs now; throws while there is none. */
  get core(): Core {
    if (this.#core === null) throw new Error('core does not run');
    return this.#core;
  }

  get coreRuns(): boolean {
    return this.#core?.process.running ?? false;
  }

  /** Completes when a citizen could walk up; recovery is over then. */
  async startCore(): Promise<void> {
    if (this.#traceFile !== null) {
      writeFileSync(this.#traceFile, '');
      this.#base = readFolder(this.dir, DATA_FOLDER);
    }
    this.#core = await startCore(this.dataDir, {
      outputFile: this.coreLogFile,
      env: this.#coreEnv,
      file: this.#coreFile,
    });
  }

  /** What core did since its newest start, and the data folder as it was then. */
  get traced(): { readonly base: Image; readonly trace: readonly Traced[] } {
    if (this.#traceFile === null) throw new Error('this world keeps no trace');
    return { base: this.#base, trace: readTrace(readFileSync(this.#traceFile)) };
  }

  /** As a power cut to the computer does. The device hosts end by themselves, as they would. */
  async killCore(): Promise<void> {
    await this.#core?.process.kill();
  }

  /** In an orderly way. */
  async stopCore(): Promise<void> {
    await this.#core?.process.end();
  }

  async stop(): Promise<void> {
    await this.stopCore();
    for (const stop of this.#stops.reverse()) await stop();
    this.shim.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
