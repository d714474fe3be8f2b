import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../src/core/config/schema.ts';
import { deviceConfigs } from '../../src/core/device-configs.ts';
import { planHosts } from '../../src/devices/device-plan.ts';

type Device = Config['devices'][number];
const device = (name: string, deviceClass: Device['class'], role: Device['role']): Device => ({
  name,
  class: deviceClass,
  role,
  driver: 'any',
  options: {},
});

const devices = [
  device('tap', 'cardReader', 'tapReader'),
  device('slot', 'cardReader', 'oldCardSlot'),
  device('scanner', 'codeScanner', 'codeScanner'),
  device('page-printer', 'pagePrinter', 'pagePrinter'),
  device('card-printer', 'cardPrinter', 'cardPrinter'),
];

function hostsOf(list: readonly Device[]): string[][] {
  const plans = planHosts(deviceConfigs({ devices: list } as unknown as Config));
  if (!plans.ok) throw new Error(JSON.stringify(plans.error));
  return plans.value.map((plan) => plan.devices.map(({ name }) => name));
}

describe('which devices share a process', () => {
  it('none that moves cards or sheets does, so that no other device can have it restarted', () => {
    expect(hostsOf(devices)).toEqual([
      ['tap'],
      ['slot'],
      ['scanner'],
      ['page-printer'],
      ['card-printer'],
    ]);
  });

  it('the reader that is tapped does not, for its host ends with each session, and no scan may be lost with it', () => {
    const [alone, ...others] = hostsOf(devices).filter((names) => names.includes('tap'));
    expect(alone).toEqual(['tap']);
    expect(others).toEqual([]);
  });

  it('the voice and the fingerprint reader do not, so that one that hangs takes no reader of cards with it', () => {
    const hanging = [device('voice', 'audio', 'audio'), device('finger', 'biometric', 'biometric')];
    expect(hostsOf([...devices, ...hanging]).slice(-2)).toEqual([['voice'], ['finger']]);
  });

  it('power and contacts share one of their own, so that they need not wait for the readers', () => {
    const cabinet = [device('power', 'ups', 'ups'), device('doors', 'cabinetIo', 'cabinetIo')];
    expect(hostsOf([...devices, ...cabinet]).at(-1)).toEqual(['power', 'doors']);
  });

  it('those do that the configuration puts together', () => {
    expect(hostsOf(devices.map((one) => ({ ...one, host: 'one' })))).toHaveLength(1);
  });
});
