import { assert } from '../../base/assert.ts';
import { randomBase32, randomDigits } from '../../base/ids.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { newCollectionCode } from '../../domain/collection-code.ts';
import type { RequestState } from '../../domain/request.ts';
import type { RegistryContext } from './context.ts';
import { cardFieldsOf, familyCardOf, type Household } from './content.ts';
import { ensureSigned } from './family-card-signing.ts';
import { sendCodes } from './messages.ts';
import { ageOn, dateOf, type Person } from './people/person.ts';
import { familyOf, findPerson, membersOf, pinRecordOf, storePin } from './people-table.ts';
import { findRequest, moveRequest, type RequestRow } from './requests-table.ts';
import { hashPin, newPin, type PinRecord } from './secrets.ts';
import type { RequestEvent } from './transitions.ts';

export type StepRefusal =
  | { readonly kind: 'unknownRequest' }
  | { readonly kind: 'notInThatState'; readonly state: RequestState };

/** One step an officer takes by hand: verify, reject, cancel, or decide what became of a doubtful print. */
export function takeStep(
  ctx: RegistryContext,
  requestId: string,
  event: RequestEvent,
  officer: string,
  note: string | null,
): Result<RequestState, StepRefusal> {
  return ctx.db
    .transaction((): Result<RequestState, StepRefusal> => {
      const request = findRequest(ctx.db, 'request_id = ?', requestId);
      if (request === null) return err({ kind: 'unknownRequest' });
      const state = moveRequest(ctx, requestId, event, officer, note);
      if (state === null) return err({ kind: 'notInThatState', state: request.state });
      if (state !== 'perluPeriksa') endReservations(ctx, requestId);
      if (state === 'diserahkan') burnCodes(ctx, requestId);
      if (event === 'decidedReady') forgetFailures(ctx, requestId);
      return ok(state);
    })
    .immediate();
}

/**
 * Approves a verified request: fixes its content, makes codes (and, for a newcomer, a PIN), sends them,
 * and has a KK signed. Completes when the request is ready; a KK whose signature could not be made now is
 * ready all the same and says so when it is fetched.
 */
export async function approve(
  ctx: RegistryContext,
  requestId: string,
  officer: string,
): Promise<Result<RequestState, StepRefusal>> {
  const asked = findRequest(ctx.db, 'request_id = ?', requestId);
  if (asked === null) return err({ kind: 'unknownRequest' });
  const applicant = personOf(ctx, asked.applicantId);
  const newcomer = pinRecordOf(ctx.db, applicant.personId) === null;
  const fresh = newcomer ? await newPinRecord(applicant) : null;
  const result = ctx.db
    .transaction((): Result<RequestState, StepRefusal> => {
      const request = findRequest(ctx.db, 'request_id = ?', requestId);
      assert(request !== null, 'a request vanished');
      if (moveRequest(ctx, requestId, 'approved', officer) === null) {
        return err({ kind: 'notInThatState', state: request.state });
      }
      fixContent(ctx, request);
      const collectionCode = newCollectionCode();
      const printCode = randomDigits(8);
      ctx.db
        .prepare(
          `UPDATE requests SET code_mac = ?, print_code_mac = ?, codes_expire_at = ?
           WHERE request_id = ?`,
        )
        .run(
          ctx.macs.of('code', collectionCode),
          ctx.macs.of('printCode', `${requestId} ${printCode}`),
          ctx.clock.now() + ctx.policy.codesMs,
          requestId,
        );
      // Asked again: another request of the same person may have brought the PIN meanwhile.
      const given = pinRecordOf(ctx.db, applicant.personId) === null ? fresh : null;
      if (given !== null) storePin(ctx.db, applicant.personId, given.record);
      sendCodes(ctx, applicant, request, { pin: given?.pin ?? null, collectionCode, printCode });
      const ready = moveRequest(ctx, requestId, 'madeReady', 'sistem');
      assert(ready !== null, 'an approved request could not become ready');
      return ok(ready);
    })
    .immediate();
  if (result.ok && asked.documentKind === 'kk') await ensureSigned(ctx, requestId);
  return result;
}

async function newPinRecord(person: Person): Promise<{ pin: string; record: PinRecord }> {
  const pin = newPin(person.birthDate);
  return { pin, record: await hashPin(pin) };
}

/** What is printed is settled at approval: a later change of the person's data asks for a new request. */
function fixContent(ctx: RegistryContext, request: RequestRow): void {
  const subject = personOf(ctx, request.subjectId);
  const household: Household = {
    family: familyOf(ctx.db, subject.kkNumber),
    members: membersOf(ctx.db, subject.kkNumber),
  };
  const today = dateOf(ctx.clock.now());
  const verifyToken = randomBase32(20);
  const content =
    request.documentKind === 'kk'
      ? familyCardOf(household, today, `${ctx.verifyBaseUrl()}/verify?d=${verifyToken}`)
      : cardFieldsOf(request.documentKind, subject, household, today);
  const bare = request.documentKind === 'kia' && ageOn(subject.birthDate, today) < 5;
  const photo =
    request.documentKind === 'kk' || bare
      ? null
      : ctx.issuing.drawPhoto({
          seed: subject.personId,
          birthYear: Number(subject.birthDate.slice(0, 4)),
        });
  ctx.db
    .prepare(
      'UPDATE requests SET content_json = ?, photo = ?, verify_token = ? WHERE request_id = ?',
    )
    .run(JSON.stringify(content), photo, verifyToken, request.requestId);
}

/** A hand-over ends the codes: neither opens a claim nor a reservation afterwards. */
export function burnCodes(ctx: RegistryContext, requestId: string): void {
  ctx.db
    .prepare(
      'UPDATE requests SET codes_burnt_at = ? WHERE request_id = ? AND codes_burnt_at IS NULL',
    )
    .run(ctx.clock.now(), requestId);
}

function forgetFailures(ctx: RegistryContext, requestId: string): void {
  ctx.db
    .prepare('UPDATE requests SET spoiled_count = 0, copy_count = 0 WHERE request_id = ?')
    .run(requestId);
}

function endReservations(ctx: RegistryContext, requestId: string): void {
  ctx.db
    .prepare("UPDATE reservations SET state = 'ended' WHERE request_id = ? AND state <> 'ended'")
    .run(requestId);
}

export function personOf(ctx: Pick<RegistryContext, 'db'>, personId: string): Person {
  const person = findPerson(ctx.db, personId);
  assert(person !== null, 'a request names nobody');
  return person;
}
