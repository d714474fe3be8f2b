import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { maskName } from '../../domain/masked-name.ts';
import type { ListedRequest } from '../../domain/request.ts';
import type {
  CallOptions,
  RegistryTrouble,
  RequestQueue,
  Reservation,
  ReserveRefusal,
  UnknownReservation,
} from '../ports.ts';
import type { AttemptRequests } from './attempt-requests.ts';
import {
  changeHeld,
  ended,
  find,
  frozen,
  renewed,
  reservationOf,
  reserve,
  stateOf,
} from './attempts.ts';
import { nonsense } from './call.ts';
import type { Claims } from './claims.ts';
import { sources } from './biographic.ts';
import { reasonOf } from './profiles.ts';
import type { Exclusivity, ReadRequest, RequestRecord } from './record.ts';

type Own = Result<Reservation, UnknownReservation | RegistryTrouble>;

export function requestQueue(parts: {
  readonly terminalId: string;
  readonly exclusivity: Exclusivity;
  readonly record: RequestRecord;
  readonly claims: Claims;
  readonly attempts: AttemptRequests;
  readonly clock: Clock;
}): RequestQueue {
  const { terminalId, exclusivity, record, claims, attempts, clock } = parts;
  const unknown = err({ kind: 'unknownReservation' as const });

  const readOwn: RequestQueue['readReservation'] = async (attemptId, options) => {
    const requestId = attempts.of(attemptId, options);
    if (requestId === null) return unknown;
    const read = await record.read(requestId, attemptId, options.deadlineMs);
    if (!read.ok) return read.error.kind === 'noSuchRequest' ? unknown : err(read.error);
    const own = find(read.value.ledger, { attemptId, terminalId });
    return own === null ? unknown : ok(reservationOf(requestId, own));
  };

  const isAssignedHere = ({ request }: ReadRequest): boolean =>
    exclusivity === 'ifMatch' || request.requestData.deliveryOffice === terminalId;

  const changeOwn =
    (change: Parameters<typeof changeHeld>[3]) =>
    async (attemptId: string, options: CallOptions): Promise<Own> => {
      const requestId = attempts.of(attemptId, options);
      if (requestId === null) return unknown;
      const own = { attemptId, terminalId };
      const changed = await record.change<Reservation, UnknownReservation>(
        requestId,
        attemptId,
        options.deadlineMs,
        ({ ledger }) => changeHeld(ledger, own, clock.now(), change),
      );
      if (changed.ok) return changed;
      return changed.error.kind === 'noSuchRequest' ? unknown : err(changed.error);
    };

  return {
    list: async (claimToken, { deadlineMs }) => {
      const requestId = claims.requestOf(claimToken);
      if (requestId === null) return err({ kind: 'claimEnded' });
      const read = await record.read(requestId, claimToken, deadlineMs);
      if (!read.ok) return read.error.kind === 'noSuchRequest' ? ok([]) : err(read.error);
      // A KK is a signed PDF, which does not come this way.
      if (read.value.profile.documentKind === 'kk') return ok([]);
      const line = listed(read.value);
      return line.ok ? ok([line.value]) : line;
    },
    reserve: async ({ claimToken, requestId, attemptId }, { deadlineMs }) => {
      if (!attempts.note(attemptId, requestId)) return nonsense('attempt of another request');
      if (claims.requestOf(claimToken) !== requestId) return err({ kind: 'claimEnded' });
      const own = { attemptId, terminalId };
      const reserved = await record.change<Reservation, ReserveRefusal>(
        requestId,
        attemptId,
        deadlineMs,
        (read) => {
          if (!isAssignedHere(read)) return refused('reservedElsewhere');
          if (read.profile.documentKind === 'kk') return refused('notReady');
          return reserve(read.ledger, own, clock.now());
        },
      );
      if (reserved.ok) return reserved;
      const { error } = reserved;
      return error.kind === 'noSuchRequest' ? err({ kind: 'notReady' }) : err(error);
    },
    readReservation: readOwn,
    // Without a tag, one that comes late would write over the hold, or the mark of the print, that came meanwhile.
    renew: exclusivity === 'ifMatch' ? changeOwn(renewed) : readOwn,
    hold: changeOwn(frozen),
    release: changeOwn(ended),
  };
}

const refused = (kind: 'reservedElsewhere' | 'notReady') => ({
  write: null,
  answer: err({ kind }),
});

function listed({ request, profile, ledger }: ReadRequest): Result<ListedRequest, RegistryTrouble> {
  const reason = reasonOf(request);
  const { issuingAuthority, others } = request.requestData;
  const name = request.biographicData[sources.ktpEl.name.attribute];
  if (reason === null) return nonsense('request type that nobody agreed on');
  if (issuingAuthority === undefined) return nonsense('no issuing authority');
  if (typeof name !== 'string') return nonsense('no name');
  const { authority, oldCard, oldCardUid } = others.anjungan;
  return ok({
    requestId: ledger.requestId,
    documentKind: profile.documentKind,
    state: stateOf(ledger),
    subjectName: maskName(name),
    authority,
    reason,
    blankKind: profile.blankKind,
    oldCard,
    oldCardUid,
    // The print code was one of the two factors.
    needsPrintCode: false,
    pages: null,
    issuingOffice: issuingAuthority,
  });
}
