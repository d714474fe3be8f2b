import { configErrorLines, loadConfig } from '../core/config/load.ts';
import { readKeys } from '../core/keys.ts';
import { startupErrorLines } from '../core/startup-error.ts';
import { BAD_NEWS, GOOD, type Report } from './output.ts';

/** `anjungan config check`: everything that core would refuse at start, without starting it. */
export function configCheck(file: string): Report {
  const loaded = loadConfig(file);
  if (!loaded.ok) {
    return {
      json: { valid: false, error: loaded.error },
      lines: configErrorLines(loaded.error),
      exitStatus: BAD_NEWS,
    };
  }
  const keys = readKeys(loaded.value);
  if (!keys.ok) {
    return {
      json: { valid: false, error: keys.error },
      lines: startupErrorLines(keys.error),
      exitStatus: BAD_NEWS,
    };
  }
  const { config, digest } = loaded.value;
  return {
    json: { valid: true, file, digest, mode: config.mode, devices: config.devices.length },
    lines: [
      `${file} is valid: mode ${config.mode}, ${config.devices.length} devices, SHA-256 ${digest}`,
    ],
    exitStatus: GOOD,
  };
}
