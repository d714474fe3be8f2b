import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { sha256Hex } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { keysAt } from './form.ts';
import { configSchema, type Config } from './schema.ts';

/** What is wrong with the configuration, each with its place, in sentences for a technician. */
export type ConfigError =
  | { readonly kind: 'missing'; readonly file: string }
  | { readonly kind: 'unreadable'; readonly file: string; readonly reason: string }
  | {
      readonly kind: 'notToml';
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly reason: string;
    }
  | { readonly kind: 'refused'; readonly file: string; readonly faults: readonly ConfigFault[] };

export interface ConfigFault {
  /** Such as `registry.url` or `devices.2.class`. */
  readonly key: string;
  readonly says: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  /** Turns a path of the configuration into an absolute one. */
  readonly resolve: (file: string) => string;
}

/** Reads, parses and checks `anjungan.toml`; nothing else is looked at. */
export function loadConfig(file: string): Result<LoadedConfig, ConfigError> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    return err(
      code === 'ENOENT' ? { kind: 'missing', file } : { kind: 'unreadable', file, reason: code },
    );
  }
  return parseConfig(bytes, file);
}

/** Parses and checks what stands in `file`. Never throws. */
export function parseConfig(bytes: Buffer, file: string): Result<LoadedConfig, ConfigError> {
  let raw: unknown;
  try {
    raw = parse(bytes.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const { line, column } = cause;
    const reason = cause.message.split('\n')[0] ?? 'not TOML';
    return err({ kind: 'notToml', file, line, column, reason });
  }
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue): ConfigFault[] => {
      const at = issue.path.map(String);
      if (issue.code !== 'unrecognized_keys') {
        return [{ key: at.join('.') || '(file)', says: issue.message }];
      }
      return issue.keys.map((key) => ({
        key: [...at, key].join('.'),
        says: `there is no such key${hint(key, keysAt(issue.path))}`,
      }));
    });
    return err({ kind: 'refused', file, faults });
  }
  const faults = crossChecks(parsed.data);
  if (faults.length > 0) return err({ kind: 'refused', file, faults });
  const folder = path.dirname(path.resolve(file));
  return ok({
    config: parsed.data,
    file,
    digest: sha256Hex(bytes),
    resolve: (name) => path.resolve(folder, name),
  });
}

/** Rules between keys, which a schema of single keys cannot say. */
function crossChecks(config: Config): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add = (key: string, says: string): void => void faults.push({ key, says });
  const roles = config.devices.map((device) => device.role);
  const names = config.devices.map((device) => device.name);
  config.devices.forEach((device, index) => {
    if (names.indexOf(device.name) !== index) add(`devices.${index}.name`, 'is used twice');
    if (roles.indexOf(device.role) !== index) add(`devices.${index}.role`, 'is taken twice');
    if (classOf[device.role] !== device.class) {
      add(`devices.${index}.class`, `a ${device.role} is a ${classOf[device.role]}`);
    }
  });
  const feeders = config.feeders.map((feeder) => feeder.name);
  feeders.forEach((name, index) => {
    if (feeders.indexOf(name) !== index) add(`feeders.${index}.name`, 'is used twice');
  });
  if (config.mode === 'live') {
    add('mode', 'this version has no enrolment: it prints specimens only');
  }
  return faults;
}

const classOf = {
  tapReader: 'cardReader',
  oldCardSlot: 'cardReader',
  codeScanner: 'codeScanner',
  pagePrinter: 'pagePrinter',
  cardPrinter: 'cardPrinter',
  receiptPrinter: 'receiptPrinter',
  ups: 'ups',
  cabinetIo: 'cabinetIo',
  audio: 'audio',
  biometric: 'biometric',
} as const;

/** The nearest of the keys that may stand there. Two letters off is a slip, unless the key has no more letters. */
function hint(typo: string, keys: readonly string[]): string {
  const [near] = keys
    .map((key) => ({ key, off: editDistance(key.toLowerCase(), typo.toLowerCase()) }))
    .filter(({ key, off }) => off <= 2 && off < key.length)
    .sort((a, b) => a.off - b.off);
  return near === undefined ? '' : `; did you mean "${near.key}"?`;
}

/** Levenshtein distance, for words of a few letters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** One or more plain lines for a technician. */
export function configErrorLines(error: ConfigError): string[] {
  switch (error.kind) {
    case 'missing':
      return [`There is no configuration at ${error.file}.`];
    case 'unreadable':
      return [`The configuration ${error.file} cannot be read (${error.reason}).`];
    case 'notToml':
      return [`${error.file}, line ${error.line}, column ${error.column}: ${error.reason}`];
    case 'refused':
      return error.faults.map((fault) => `${error.file}: ${fault.key}: ${fault.says}`);
  }
}
