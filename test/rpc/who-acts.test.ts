import { describe, expect, it } from '@jest/globals';
import { requiredActionSchema } from '../../drivers/contract/words.ts';
import { whoActs, whoActsSchema } from '../../src/rpc/who-acts.ts';

describe('who must act', () => {
  it('is somebody for each action that is asked, and nobody where none is', () => {
    for (const action of requiredActionSchema.options) {
      const who = whoActs(action, 'anything');
      expect(whoActsSchema.options).toContain(who);
      expect([action, who === 'nobody']).toEqual([action, action === 'none']);
    }
    expect(whoActs('none', 'feederLow')).toBe('nobody');
  });

  it('is the office for blanks, old cards and their bins, and a technician for all else in the cabinet', () => {
    for (const stock of ['feederEmpty', 'captureBinFull', 'rejectBinFull', 'binFull']) {
      expect(whoActs('maintenance', stock)).toBe('registryStaff');
      expect(whoActs('clear', stock)).toBe('registryStaff');
    }
    expect(whoActs('clear', 'mediaJammed')).toBe('technician');
    expect(whoActs('maintenance', undefined)).toBe('technician');
  });

  it('is both where the device cannot tell whose it is', () => {
    expect(whoActs('maintenance', 'mediaOrRibbonOut')).toBe('technicianAndRegistryStaff');
    expect(whoActs('maintenance', 'ribbonOut')).toBe('technician');
  });

  it('stays with whom the action is for, whatever the reason', () => {
    expect(whoActs('configuration', 'feederEmpty')).toBe('administrator');
    expect(whoActs('softwareError', 'binFull')).toBe('vendor');
  });
});
