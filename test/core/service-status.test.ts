import { describe, expect, it } from '@jest/globals';
import { serviceStatus, type ServiceParts } from '../../src/core/service-status.ts';
import type { KindAvailability } from '../../src/issuance/issuance.ts';

const yes: KindAvailability = { available: true };
const no: KindAvailability = { available: false, reason: 'blanksOut' };

const status = (changes: Partial<ServiceParts> = {}) =>
  serviceStatus({
    issuance: { availability: () => ({ ktpEl: yes, kia: no, kk: yes }) },
    cardReader: null,
    codeScanner: null,
    registryAnswers: () => true,
    hasSpace: () => true,
    recordHolds: () => true,
    clockIsTrusted: () => true,
    ...changes,
  });

describe('what the welcome may promise', () => {
  it('is what can be printed now, and why the rest cannot', () => {
    expect(status()).toMatchObject({
      outOfService: null,
      documents: { ktpEl: null, kia: 'blanksOut', kk: null },
      ways: { eKtp: 'readerInMaintenance', code: 'scannerInMaintenance', nik: null },
    });
  });

  it('is nothing on a disk that cannot keep the record of a session, until there is room again', () => {
    const disk = { hasSpace: false };
    const hasSpace = () => disk.hasSpace;
    expect(status({ hasSpace }).outOfService).toBe('diskFull');
    expect(status({ hasSpace, registryAnswers: () => false }).outOfService).toBe('diskFull');
    disk.hasSpace = true;
    expect(status({ hasSpace }).outOfService).toBeNull();
  });

  it('is nothing where the registry disputes the record or the clock cannot be right', () => {
    const recordHolds = () => false;
    const clockIsTrusted = () => false;
    expect(status({ recordHolds, clockIsTrusted }).outOfService).toBe('recordDamaged');
    expect(status({ clockIsTrusted }).outOfService).toBe('clockWrong');
  });

  it('is nothing while the registry does not answer, or nothing can be printed', () => {
    expect(status({ registryAnswers: () => false }).outOfService).toBe('registryUnreachable');
    const availability = () => ({ ktpEl: no, kia: no, kk: no });
    expect(status({ issuance: { availability } }).outOfService).toBe('noDocumentAvailable');
  });

  it('is nothing for want of power only where power is all that is wanted', () => {
    const dark: KindAvailability = { available: false, reason: 'powerFailing' };
    const outOfService = (kk: KindAvailability) =>
      status({ issuance: { availability: () => ({ ktpEl: dark, kia: dark, kk }) } }).outOfService;
    expect(outOfService(dark)).toBe('powerFailing');
    expect(outOfService(no)).toBe('noDocumentAvailable');
    expect(outOfService(yes)).toBeNull();
  });
});
