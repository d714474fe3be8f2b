import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { err, ok, type Result } from '../../src/base/result.ts';
import { profileNames, profiles, type ProfileName } from '../simulated-card-printer/profiles.ts';

/** What runs beside the cabinet and can be commanded from it. Keys meant for others are left alone. */
export const labSchema = z.object({
  virtualCard: z
    .object({ command: z.tuple([z.string()], z.string()) })
    .nullish()
    .transform((value) => value ?? null),
  pagePrinter: z
    .object({
      /** Where the page printer keeps each document it printed. */
      jobsDir: z.string(),
      /** Its web forms for trays and supplies, such as `http://127.0.0.1:8701`. */
      webUrl: z.string().nullish(),
    })
    .nullish()
    .transform((value) => value ?? null),
});
export type Lab = z.infer<typeof labSchema>;

export interface CabinetOptions {
  readonly dataDir: string;
  /** 0 for any free port. */
  readonly panelPort: number;
  readonly profile: ProfileName;
  /** How long one movement takes. */
  readonly stepMs: number;
  readonly lab: Lab;
}

export const USAGE = `Usage: node drivers/cabinet/main.ts --data DIR [options]
  --data DIR         where the world, its record and the sockets are kept
  --panel-port N     loopback port of the control panel (default: any free one)
  --profile NAME     what the card printer can tell and do: ${profileNames.join(', ')}
  --step-ms N        how long one movement takes, in milliseconds (default 150)
  --lab FILE         JSON: {"virtualCard": {"command": [...]}, "pagePrinter": {"jobsDir": ..., "webUrl": ...}}`;

/** Reads the command line and the lab file; the error is a sentence for the person who typed it. */
export function readOptions(argv: readonly string[]): Result<CabinetOptions, string> {
  const text = { type: 'string' } as const;
  const options = {
    data: text,
    'panel-port': text,
    profile: text,
    'step-ms': text,
    lab: text,
  } as const;
  let values: { [K in keyof typeof options]?: string };
  try {
    ({ values } = parseArgs({ args: [...argv], options, strict: true }));
  } catch (error) {
    return err((error as Error).message);
  }
  if (values.data === undefined) return err('--data is needed');
  const panelPort = wholeNumber(values['panel-port'] ?? '0');
  if (panelPort === null || panelPort > 65535) return err('--panel-port is not a port');
  const stepMs = wholeNumber(values['step-ms'] ?? '150');
  if (stepMs === null) return err('--step-ms is not a whole number');
  const profile = values.profile ?? 'full';
  if (!isProfile(profile)) return err(`--profile is one of ${profileNames.join(', ')}`);
  const lab = values.lab === undefined ? ok(NO_LAB) : readLab(values.lab);
  if (!lab.ok) return lab;
  return ok({ dataDir: values.data, panelPort, profile, stepMs, lab: lab.value });
}

export const NO_LAB: Lab = { virtualCard: null, pagePrinter: null };

const isProfile = (name: string): name is ProfileName => Object.hasOwn(profiles, name);

const wholeNumber = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : null);

function readLab(path: string): Result<Lab, string> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return err(`--lab ${path}: ${(error as Error).message}`);
  }
  const lab = labSchema.safeParse(json);
  return lab.success ? ok(lab.data) : err(`--lab ${path}: ${z.prettifyError(lab.error)}`);
}
