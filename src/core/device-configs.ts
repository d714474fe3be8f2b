import type { DeviceConfig } from '../devices/ports.ts';
import type { Config } from './config/schema.ts';

/** The devices of a configuration as the supervisor and the inventory take them. */
export function deviceConfigs(config: Config): DeviceConfig[] {
  return config.devices.map((device) => ({
    name: device.name,
    deviceClass: device.class,
    driver: device.driver,
    options: device.options,
    ...(device.host === undefined ? {} : { host: device.host }),
    ...(device.environment?.PCSCLITE_CSOCK_NAME === undefined
      ? {}
      : { environment: { PCSCLITE_CSOCK_NAME: device.environment.PCSCLITE_CSOCK_NAME } }),
  }));
}
