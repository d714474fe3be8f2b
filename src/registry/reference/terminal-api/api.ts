import { readFileSync } from 'node:fs';
import fastify, { type FastifyInstance } from 'fastify';
import { err, ok } from '../../../base/result.ts';
import { KiB } from '../../wire/route.ts';
import { routes } from '../../wire/routes.ts';
import { entitledRequests, toListed } from '../authority.ts';
import { endClaim, openClaim, readClaim } from '../claims.ts';
import type { RegistryContext } from '../context.ts';
import { printMaterial } from '../material.ts';
import { takeCorrection } from '../corrections.ts';
import { takeOutcome } from '../outcomes.ts';
import type { PkiPaths } from '../pki.ts';
import { actOnReservation, reserve, type ReservationAction } from '../reservations.ts';
import { sweepAll } from '../sweep.ts';
import { keepHead, keepNote, pageOfHeads, takeHeartbeat } from '../terminals-table.ts';
import { Replays } from './replays.ts';
import { problem, serve } from './serve.ts';

const done = { done: true } as const;
const otherTerminal = () => err(problem(403, 'the call names another terminal'));

/** The HTTPS side for terminals: TLS 1.3, and no byte of HTTP is read without a certificate of our root. */
export function createTerminalApi(ctx: RegistryContext, pki: PkiPaths): FastifyInstance {
  const app = fastify({
    bodyLimit: 256 * KiB,
    https: {
      key: readFileSync(pki.serverKey),
      cert: readFileSync(pki.serverCert),
      ca: readFileSync(pki.rootCert),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    // Terminals keep connections open; stopping must not wait for them.
    forceCloseConnections: true,
  });
  answerPlainly(app);
  mountClaims(app, ctx);
  mountReservations(app, ctx);
  mountReports(app, ctx);
  obeyDownSwitch(app, ctx);
  return app;
}

/** Errors of the framework are put in the contract's words and never quote what was sent. */
function answerPlainly(app: FastifyInstance): void {
  app.setErrorHandler<{ statusCode?: number }>((error, _, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ problem: status < 500 ? 'malformed call' : 'internal error' });
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ problem: 'no such route' }));
}

function mountClaims(app: FastifyInstance, ctx: RegistryContext): void {
  const replays = new Replays(ctx);
  serve(app, ctx, routes.openClaim, ({ terminalId, body, idempotencyKey }) =>
    replays.once({ terminalId, key: idempotencyKey, content: body }, () =>
      openClaim(ctx, terminalId, body),
    ),
  );
  serve(app, ctx, routes.endClaim, ({ terminalId, params }) => {
    endClaim(ctx, terminalId, params['token'] ?? '');
    return ok(done);
  });
  serve(app, ctx, routes.listRequests, ({ terminalId, claimToken }) => {
    sweepAll(ctx);
    const claim = readClaim(ctx, terminalId, claimToken);
    if (claim === null) return err({ kind: 'claimEnded' as const });
    const requests = entitledRequests(ctx, claim).map((entitled) => toListed(ctx, claim, entitled));
    return ok({ requests });
  });
}

function mountReservations(app: FastifyInstance, ctx: RegistryContext): void {
  serve(app, ctx, routes.reserve, ({ terminalId, claimToken, body }) => {
    const result = reserve(ctx, terminalId, { ...body, claimToken });
    if (result.ok) return result;
    return result.error.kind === 'attemptIdReused'
      ? err(problem(400, 'this attempt id was used for another reservation'))
      : err(result.error);
  });
  const act =
    (action: ReservationAction) =>
    (call: { terminalId: string; params: Readonly<Record<string, string>> }) =>
      actOnReservation(ctx, call.terminalId, call.params['attemptId'] ?? '', action);
  serve(app, ctx, routes.readReservation, act('read'));
  serve(app, ctx, routes.renew, act('renew'));
  serve(app, ctx, routes.hold, act('hold'));
  serve(app, ctx, routes.release, act('release'));
  serve(app, ctx, routes.printMaterial, ({ terminalId, params }) =>
    printMaterial(ctx, terminalId, params['attemptId'] ?? ''),
  );
}

function mountReports(app: FastifyInstance, ctx: RegistryContext): void {
  serve(app, ctx, routes.reportOutcome, ({ terminalId, body }) => {
    const named = [body.report.terminalId, body.head?.terminalId ?? terminalId];
    if (named.some((name) => name !== terminalId)) return otherTerminal();
    if (body.head !== null) keepHead(ctx, body.head);
    return takeOutcome(ctx, terminalId, body.report);
  });
  serve(app, ctx, routes.correctOutcome, ({ terminalId, body }) => {
    const named = [body.correction.terminalId, body.head?.terminalId ?? terminalId];
    if (named.some((name) => name !== terminalId)) return otherTerminal();
    if (body.head !== null) keepHead(ctx, body.head);
    return takeCorrection(ctx, terminalId, body.correction);
  });
  serve(app, ctx, routes.sendCorrection, ({ terminalId, body, idempotencyKey }) =>
    noteAnswer(keepNote(ctx, terminalId, idempotencyKey, 'correction', body)),
  );
  serve(app, ctx, routes.sendFeedback, ({ terminalId, body, idempotencyKey }) =>
    noteAnswer(keepNote(ctx, terminalId, idempotencyKey, 'feedback', body)),
  );
  serve(app, ctx, routes.heartbeat, ({ terminalId, body }) => {
    const named = [body.terminalId, body.journalHead?.terminalId ?? terminalId];
    if (named.some((name) => name !== terminalId)) return otherTerminal();
    takeHeartbeat(ctx, body);
    return ok(done);
  });
  serve(app, ctx, routes.readHeads, ({ terminalId, params, query }) => {
    if (params['terminalId'] !== terminalId) return otherTerminal();
    return ok({ terminalId, ...pageOfHeads(ctx, terminalId, query.afterSize) });
  });
}

const noteAnswer = (kept: 'kept' | 'keyReused') =>
  kept === 'kept' ? ok(done) : err(problem(400, 'this idempotency key was used for another call'));

/** "Down" means that the port accepts and at once drops, before TLS: as a dead service behind a live proxy. */
function obeyDownSwitch(app: FastifyInstance, ctx: RegistryContext): void {
  app.server.on('connection', (socket) => {
    if (ctx.faults.now.registryDown) socket.destroy();
  });
  ctx.faults.changes.on('changed', ({ registryDown }) => {
    if (registryDown) app.server.closeAllConnections();
  });
}
