import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import { err, type Result } from '../../../base/result.ts';
import { fingerprintSchema } from '../../ports.ts';
import { personOf } from '../approval.ts';
import type { RegistryContext } from '../context.ts';
import { faultsSchema } from '../fault-switches.ts';
import { messagesOf } from '../messages.ts';
import { findPerson, findPersonByNik, recordFingerprint, setStanding } from '../people-table.ts';
import { standingSchema } from '../people/person.ts';
import { allRequests, eventsOf, findRequest, type RequestRow } from '../requests-table.ts';
import { sweepAll } from '../sweep.ts';
import { pageOfHeads } from '../terminals-table.ts';
import {
  applicationSchema,
  carryOutStep,
  fileApplication,
  OFFICER,
  stepSchema,
} from './actions.ts';
import { peopleQuerySchema, searchPeople } from './people-search.ts';
import { conflictsOf, reservationsOf } from './request-detail.ts';

const idParams = z.object({ id: z.string().max(80) });
const noteSchema = z.strictObject({ note: z.string().max(200).nullable().default(null) });
const decideSchema = z.strictObject({
  to: z.enum(['siapCetak', 'diserahkan']),
  by: z.string().min(1).max(80),
  note: z.string().max(200).nullable().default(null),
});

/** The pages' actions for scripts: 200 with JSON, 409 `{refusal}`, 400 or 404 `{problem}`. */
export function mountJsonApi(app: FastifyInstance, ctx: RegistryContext): void {
  mountReads(app, ctx);
  mountActions(app, ctx);
}

function mountReads(app: FastifyInstance, ctx: RegistryContext): void {
  app.get('/front/api/people', (request) => {
    const { total, people } = searchPeople(ctx, peopleQuerySchema.parse(request.query));
    return {
      total,
      people: people.map(({ person, ...more }) => ({ ...person, ...more })),
    };
  });
  app.get('/front/api/requests', () => {
    sweepAll(ctx);
    return { requests: allRequests(ctx.db, 5000).map((request) => summary(ctx, request)) };
  });
  app.get('/front/api/requests/:id', (request, reply) => {
    sweepAll(ctx);
    const { id } = idParams.parse(request.params);
    const found = findRequest(ctx.db, 'request_id = ?', id);
    if (found === null) return reply.code(404).send({ problem: 'unknown request' });
    return {
      ...summary(ctx, found),
      events: eventsOf(ctx.db, id),
      reservations: reservationsOf(ctx, id),
      conflicts: conflictsOf(ctx, id).map((json) => JSON.parse(json) as unknown),
    };
  });
  app.get('/front/api/messages', (request, reply) => {
    const { nik } = z.object({ nik: z.string().optional() }).parse(request.query);
    const person = nik === undefined ? null : findPersonByNik(ctx.db, nik);
    if (nik !== undefined && person === null) {
      return reply.code(404).send({ problem: 'unknown person' });
    }
    return { messages: messagesOf(ctx.db, person?.personId ?? null, 500) };
  });
  app.get('/front/api/terminals/:id/heads', (request) => {
    const { id } = idParams.parse(request.params);
    const query = z.object({ afterSize: z.coerce.number().int().nonnegative().default(0) });
    const { afterSize } = query.parse(request.query);
    return { terminalId: id, ...pageOfHeads(ctx, id, afterSize) };
  });
  app.get('/front/api/switches', () => ctx.faults.now);
}

function mountActions(app: FastifyInstance, ctx: RegistryContext): void {
  app.post('/front/api/applications', (request, reply) =>
    answer(reply, fileApplication(ctx, applicationSchema.parse(request.body)), (made) => ({
      ...made,
      state: 'diajukan',
      applicantNik: personOf(ctx, made.applicantId).nik,
    })),
  );
  app.post('/front/api/applications/:id/decide', async (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { to, by, note } = decideSchema.parse(request.body);
    const step = to === 'siapCetak' ? 'decide-ready' : 'decide-handed-over';
    const result = await carryOutStep(ctx, id, step, note, by);
    return answer(reply, result, (state) => ({ requestId: id, state }));
  });
  app.post('/front/api/applications/:id/:step', async (request, reply) => {
    const { id, step } = idParams.extend({ step: stepSchema }).parse(request.params);
    const { note } = noteSchema.parse(request.body ?? {});
    const result = await carryOutStep(ctx, id, step, note, OFFICER);
    return answer(reply, result, (state) => ({ requestId: id, state }));
  });
  app.post('/front/api/people/:id/standing', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { standing } = z.strictObject({ standing: standingSchema }).parse(request.body);
    const person = findPerson(ctx.db, id);
    if (person === null) return answer(reply, err({ kind: 'unknownPerson' as const }), () => ({}));
    setStanding(ctx, person, standing);
    return { personId: id, standing };
  });
  app.post('/front/api/people/:id/fingerprints', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const fingerprint = fingerprintSchema.parse(request.body);
    if (findPerson(ctx.db, id) === null) {
      return answer(reply, err({ kind: 'unknownPerson' as const }), () => ({}));
    }
    recordFingerprint(ctx.db, id, fingerprint);
    return { personId: id, finger: fingerprint.finger };
  });
  app.post('/front/api/switches', (request) => {
    const change = faultsSchema.partial().parse(request.body);
    // Absent members stay as they are; an explicit undefined cannot come out of JSON.
    return ctx.faults.set(change as Parameters<typeof ctx.faults.set>[0]);
  });
}

function answer<T, E extends { readonly kind: string }>(
  reply: FastifyReply,
  result: Result<T, E>,
  toJson: (value: T) => object,
): object {
  return result.ok ? toJson(result.value) : reply.code(409).send({ refusal: result.error });
}

function summary(ctx: RegistryContext, request: RequestRow): object {
  const { printCodeMac, contentJson, ...open } = request;
  return {
    ...open,
    hasPrintCode: printCodeMac !== null,
    content: contentJson === null ? null : (JSON.parse(contentJson) as unknown),
    subjectNik: personOf(ctx, request.subjectId).nik,
    applicantNik: personOf(ctx, request.applicantId).nik,
  };
}
