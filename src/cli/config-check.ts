import { configErrorLines, loadConfig } from '../core/config/load.ts';
import { deviceConfigs } from '../core/device-configs.ts';
import { readKeys } from '../core/keys.ts';
import { startupErrorLines, type StartupError } from '../core/startup-error.ts';
import { checkDevices } from '../devices/device-check.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';

/**
 * `anjungan config check`: the file, the keys and certificates it names, and the drivers with their
 * options, each as core takes them at start. Opens no device and no port.
 */
export async function configCheck(file: string): Promise<Report> {
  const loaded = loadConfig(file);
  if (!loaded.ok) {
    return {
      json: { valid: false, errors: [{ kind: 'config', error: loaded.error }] },
      lines: configErrorLines(loaded.error),
      exitStatus: BAD_NEWS,
    };
  }
  const { config, digest } = loaded.value;
  const devices = await checkDevices(deviceConfigs(config));
  if (!devices.ok) {
    const lines = ['The drivers could not be checked: the program that loads them failed.'];
    return { json: { error: devices.error }, lines, exitStatus: NO_ANSWER };
  }
  const { faults, missingLibraries } = devices.value;
  const keys = readKeys(loaded.value);
  const errors: StartupError[] = keys.ok ? [] : [keys.error];
  if (faults.length > 0) {
    errors.push({ kind: 'devices', error: { kind: 'configuration', faults } });
  }
  const warnings = missingLibraries.map(
    ({ device, library, debianPackage }) =>
      `devices: ${device} stays away: ${library} is not installed${debianPackage === null ? '' : ` (Debian package ${debianPackage})`}.`,
  );
  if (errors.length > 0) {
    return {
      json: { valid: false, errors, warnings },
      lines: [...errors.flatMap(startupErrorLines), ...warnings],
      exitStatus: BAD_NEWS,
    };
  }
  const count = config.devices.length;
  return {
    json: { valid: true, file, digest, mode: config.mode, devices: count, warnings },
    lines: [
      `${file} is valid: mode ${config.mode}, ${count} devices, SHA-256 ${digest}`,
      ...warnings,
    ],
    exitStatus: GOOD,
  };
}
