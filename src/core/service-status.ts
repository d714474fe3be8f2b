import type { DocumentKind } from '../domain/document.ts';
import type { DeviceProxy } from '../devices/ports.ts';
import type { Issuance } from '../issuance/issuance.ts';
import type { UnavailableReason, Way } from '../rpc/citizen-view.ts';
import type { ServedWhenScarce } from '../issuance/stock/scarcity.ts';
import type { ServiceStatus } from '../session/context.ts';

export interface ServiceParts {
  readonly issuance: Pick<Issuance, 'availability'>;
  readonly cardReader: Pick<DeviceProxy<'cardReader'>, 'health'> | null;
  readonly codeScanner: Pick<DeviceProxy<'codeScanner'>, 'health'> | null;
  readonly registryAnswers: () => boolean;
  /** Room for a session on the disk of the record. */
  readonly hasSpace: () => boolean;
  /** False: the registry keeps a head that this record does not bear out. */
  readonly recordHolds: () => boolean;
  readonly clockIsTrusted: () => boolean;
}

/** What the welcome may promise now, from what every part last said of itself. */
export function serviceStatus(parts: ServiceParts): ServiceStatus {
  const { issuance, cardReader, codeScanner } = parts;
  const availability = issuance.availability();
  const reasonOf = (kind: DocumentKind): UnavailableReason | null => {
    const one = availability[kind];
    return one.available ? null : one.reason;
  };
  const documents = { ktpEl: reasonOf('ktpEl'), kia: reasonOf('kia'), kk: reasonOf('kk') };
  const scarce = Object.values(availability).reduce<ServedWhenScarce>(
    (all, one) => (one.available ? { ...all, ...one.scarce } : all),
    {},
  );
  const without = Object.values(availability).flatMap((one) =>
    one.available ? (one.without ?? []) : [],
  );
  const ways: Record<Way, UnavailableReason | null> = {
    eKtp: cardReader?.health().state === 'online' ? null : 'readerInMaintenance',
    code: codeScanner?.health().state === 'online' ? null : 'scannerInMaintenance',
    nik: null,
  };
  // First of all reasons: what cannot be recorded must not be begun.
  if (!parts.hasSpace()) return { outOfService: 'diskFull', documents, scarce, without, ways };
  if (!parts.recordHolds())
    return { outOfService: 'recordDamaged', documents, scarce, without, ways };
  if (!parts.clockIsTrusted())
    return { outOfService: 'clockWrong', documents, scarce, without, ways };
  if (!parts.registryAnswers())
    return { outOfService: 'registryUnreachable', documents, scarce, without, ways };
  const reasons = Object.values(documents);
  if (reasons.every((reason) => reason === 'powerFailing'))
    return { outOfService: 'powerFailing', documents, scarce, without, ways };
  const nothing = reasons.every((reason) => reason !== null);
  return { outOfService: nothing ? 'noDocumentAvailable' : null, documents, scarce, without, ways };
}
