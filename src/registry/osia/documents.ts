import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type {
  DocumentSource,
  IncompleteDocument,
  PrintMaterial,
  RegistryTrouble,
  Reservation,
  UnknownReservation,
} from '../ports.ts';
import type { AttemptRequests } from './attempt-requests.ts';
import { beginPrinting } from './attempts.ts';
import { cardFieldsOf } from './biographic.ts';
import { biometricsOf } from './biometric.ts';
import { nonsense } from './call.ts';
import { PRINT_ORDER_ID } from './cms-record.ts';
import type { ReadRequest, RequestRecord } from './record.ts';

const unknown = err({ kind: 'unknownReservation' as const });

export function documentSource(parts: {
  readonly terminalId: string;
  readonly record: RequestRecord;
  readonly attempts: AttemptRequests;
  readonly clock: Clock;
}): DocumentSource {
  const { terminalId, record, attempts, clock } = parts;
  return {
    printMaterial: async (attemptId, options) => {
      const requestId = attempts.of(attemptId, options);
      if (requestId === null) return unknown;
      const end = clock.monotonicMs() + options.deadlineMs;
      const begun = await record.change<Reservation, UnknownReservation>(
        requestId,
        attemptId,
        options.deadlineMs,
        ({ ledger }) => beginPrinting(ledger, { attemptId, terminalId }, clock.now()),
      );
      if (!begun.ok) return begun.error.kind === 'noSuchRequest' ? unknown : err(begun.error);
      // Read again under the attempt as transaction: now the registry signs an order for it.
      const read = await record.read(requestId, attemptId, end - clock.monotonicMs());
      if (!read.ok) return read.error.kind === 'noSuchRequest' ? unknown : err(read.error);
      return materialOf(read.value);
    },
  };
}

function materialOf({
  request,
  profile,
}: ReadRequest): Result<
  PrintMaterial,
  { readonly kind: 'notSignedYet' } | IncompleteDocument | RegistryTrouble
> {
  if (request.encryption !== undefined) return nonsense('encrypted data');
  if (profile.documentKind === 'kk') return nonsense('a family card comes as a signed PDF');
  const orderJws = request.integrity?.find(({ id }) => id === PRINT_ORDER_ID)?.signature;
  if (orderJws === undefined) return err({ kind: 'notSignedYet' });
  if (orderJws.length > 8192) return nonsense('print order too long');
  const fields = cardFieldsOf(profile.documentKind, request.biographicData);
  if (!fields.ok) return fields;
  const biometrics = biometricsOf(request.biometricData ?? []);
  if (!biometrics.ok) return biometrics;
  return ok({ media: 'controlledBlank', orderJws, fields: fields.value, ...biometrics.value });
}
