import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPki } from '../../src/registry/reference/pki.ts';
import { startPagePrinterLab, type PagePrinterLab } from '../lab/page-printer-lab.ts';
import { startPcscLab, type PcscLab } from '../lab/pcsc-lab.ts';
import {
  startCabinet,
  startCore,
  startRegistry,
  type Cabinet,
  type Core,
  type Registry,
} from './parts.ts';
import { programFile } from './program.ts';
import { specimenConfig } from './specimen-config.ts';
import { sideBySide } from './side-by-side.ts';
import { loadBlanks } from './stock.ts';
import { Web } from './web.ts';

export const TERMINAL_ID = 'ADM-SPESIMEN-01';

export interface Stack {
  readonly dir: string;
  readonly dataDir: string;
  /** The whole log of core, over all its starts. */
  readonly coreLogFile: string;
  readonly front: Web;
  readonly panel: Web;
  readonly frontUrl: string;
  readonly panelUrl: string;
  readonly core: Core;
  readonly cabinet: Cabinet;
  readonly registry: Registry;
  readonly pagePrinter: PagePrinterLab;
  readonly pcsc: PcscLab;
  readonly fingerSocket: string;
  /** Ends core as a crash would and starts it again on the same data. */
  restartCore(): Promise<void>;
  /** Stops core in an orderly way; the rest of the world goes on. */
  stopCore(): Promise<void>;
  /** Completes when every process is gone, core first and in an orderly way. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Holds everything: data, record, printed pages. Short, because Unix sockets live in it. */
  readonly dir: string;
  readonly say?: (line: string) => void;
  /** How long a movement of the card printer takes. */
  readonly stepMs?: number;
  /** With a simulated sensor for fingers, which are put on it at `fingerSocket`. */
  readonly fingerSensor?: boolean;
  /** A module that core loads first; core runs from its source then, whose modules can be altered. */
  readonly preload?: string;
}

const makeFolder = (folder: string, mode: number): void =>
  void mkdirSync(folder, { recursive: true, mode });

/** Completes when a citizen could walk up. Whatever was started is stopped again on failure. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, say = () => undefined } = options;
  const dataDir = path.join(dir, 'terminal');
  const pkiDir = path.join(dir, 'pki');
  const cabinetDir = path.join(dir, 'cabinet');
  const registryDir = path.join(dir, 'registry');
  const coreLogFile = path.join(dir, 'core.log');
  const configFolder = path.join(dataDir, 'config');
  const fingerSocket = path.join(cabinetDir, 'finger.sock');
  // Made here before the programs that own them; with the modes that these give them.
  for (const folder of [dir, cabinetDir, registryDir]) makeFolder(folder, 0o700);
  makeFolder(dataDir, 0o711);
  makeFolder(configFolder, 0o700);
  const stops: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const started = async <P>(
      starting: Promise<P>,
      end: (part: P) => Promise<void>,
    ): Promise<P> => {
      const part = await starting;
      stops.push(() => end(part));
      return part;
    };
    const atCabinet = async () => {
      say('PC/SC daemon with a virtual reader and SAM; IPP page printer');
      const [pcsc, pagePrinter] = await sideBySide([
        started(startPcscLab({ dir: path.join(dir, 'pcsc') }), (lab) => lab.stop()),
        started(startPagePrinterLab({ dir: path.join(dir, 'ipp') }), (lab) => lab.stop()),
      ]);
      const labFile = path.join(cabinetDir, 'lab.json');
      writeFileSync(
        labFile,
        JSON.stringify({
          virtualCard: { command: pcsc.virtualCardCommand },
          pagePrinter: { jobsDir: pagePrinter.jobsDir, webUrl: pagePrinter.controlUrl },
        }),
      );
      say('simulated cabinet');
      const { stepMs = 150 } = options;
      const starting = startCabinet(cabinetDir, { labFile, stepMs });
      const cabinet = await started(starting, (program) => program.process.end());
      return { pcsc, pagePrinter, cabinet };
    };
    const atRegistry = async () => {
      await createPki(pkiDir, [TERMINAL_ID]);
      say('reference registry');
      return started(startRegistry(registryDir, pkiDir), (program) => program.process.end());
    };
    const [{ pcsc, pagePrinter, cabinet }, registry] = await sideBySide([
      atCabinet(),
      atRegistry(),
    ]);
    writeFileSync(
      path.join(configFolder, 'anjungan.toml'),
      specimenConfig({
        terminalId: TERMINAL_ID,
        pkiDir,
        registryUrl: registry.endpoints.terminalApi,
        frontUrl: registry.endpoints.front,
        cabinetSocket: cabinet.endpoints.socketPath,
        scannerTty: cabinet.endpoints.scannerTty,
        pcsc,
        pagePrinterUri: pagePrinter.uri,
        ...(options.fingerSensor === true ? { fingerSocket } : {}),
      }),
    );
    const panel = new Web(cabinet.endpoints.panelUrl);
    say('specimen blanks in both feeders');
    await loadBlanks(dataDir, panel);
    say('core and its device hosts');
    const { preload } = options;
    const coreOptions =
      preload === undefined
        ? { outputFile: coreLogFile, file: programFile('src/core/main.ts') }
        : {
            outputFile: coreLogFile,
            env: { ...process.env, NODE_OPTIONS: `--import=${preload}` },
          };
    let core = await startCore(dataDir, coreOptions);
    stops.push(() => core.process.end());
    return {
      dir,
      dataDir,
      coreLogFile,
      front: new Web(registry.endpoints.front),
      panel,
      frontUrl: registry.endpoints.front,
      panelUrl: cabinet.endpoints.panelUrl,
      get core() {
        return core;
      },
      cabinet,
      registry,
      pagePrinter,
      pcsc,
      fingerSocket,
      restartCore: async () => {
        await core.process.kill();
        core = await startCore(dataDir, coreOptions);
      },
      stopCore: () => core.process.end(),
      stop: stopAll,
    };
  } catch (cause) {
    await stopAll();
    throw cause;
  }
}
