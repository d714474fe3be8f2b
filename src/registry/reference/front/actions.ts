import * as z from 'zod';
import { assertNever } from '../../../base/assert.ts';
import { err, type Result } from '../../../base/result.ts';
import { documentKindSchema } from '../../../domain/document.ts';
import { oldCardSchema, requestReasonSchema, type RequestState } from '../../../domain/request.ts';
import { apply, type ApplicationRefusal } from '../applications.ts';
import { approve, takeStep, type StepRefusal } from '../approval.ts';
import type { RegistryContext } from '../context.ts';
import { findPersonByNik } from '../people-table.ts';
import { findRequest } from '../requests-table.ts';

export const OFFICER = 'petugas simulasi';

/** An application as JSON or as a form: `nik` or `personId` says whom it is about. */
export const applicationSchema = z
  .strictObject({
    nik: z.string().optional(),
    personId: z.string().optional(),
    documentKind: documentKindSchema,
    reason: requestReasonSchema,
    oldCard: oldCardSchema.nullable().default(null),
    applicantNik: z.string().nullable().default(null),
  })
  .refine((form) => (form.nik === undefined) !== (form.personId === undefined), {
    error: 'exactly one of nik and personId',
  });

export function fileApplication(
  ctx: RegistryContext,
  form: z.infer<typeof applicationSchema>,
): Result<{ requestId: string; applicantId: string }, ApplicationRefusal> {
  const personId = form.personId ?? findPersonByNik(ctx.db, form.nik ?? '')?.personId;
  const applicantId =
    form.applicantNik === null ? null : findPersonByNik(ctx.db, form.applicantNik)?.personId;
  if (personId === undefined || applicantId === undefined) return err({ kind: 'unknownPerson' });
  const { documentKind, reason, oldCard } = form;
  return apply(ctx, { personId, documentKind, reason, oldCard, applicantId });
}

export const stepSchema = z.enum([
  'verify',
  'approve',
  'reject',
  'cancel',
  'decide-ready',
  'decide-handed-over',
]);
export type Step = z.infer<typeof stepSchema>;

/** An officer's step. Completes when its effects, codes and signature included, are stored. */
export async function carryOutStep(
  ctx: RegistryContext,
  requestId: string,
  step: Step,
  note: string | null = null,
  officer: string = OFFICER,
): Promise<Result<RequestState, StepRefusal>> {
  const take = (event: Parameters<typeof takeStep>[2]) =>
    takeStep(ctx, requestId, event, officer, note);
  switch (step) {
    case 'verify':
      return take('verified');
    case 'approve': {
      const request = findRequest(ctx.db, 'request_id = ?', requestId);
      if (request?.state === 'diajukan') take('verified');
      return approve(ctx, requestId, officer);
    }
    case 'reject':
      return take('rejected');
    case 'cancel':
      return take('cancelled');
    case 'decide-ready':
      return take('decidedReady');
    case 'decide-handed-over':
      return take('decidedHandedOver');
    default:
      return assertNever(step);
  }
}
