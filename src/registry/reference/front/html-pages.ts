import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { Result } from '../../../base/result.ts';
import type { RegistryContext } from '../context.ts';
import { faultsSchema, type Faults } from '../fault-switches.ts';
import { messagesOf } from '../messages.ts';
import { findPerson, findPersonByNik, setStanding } from '../people-table.ts';
import { standingSchema } from '../people/person.ts';
import { findRequest } from '../requests-table.ts';
import { sweepAll } from '../sweep.ts';
import { applicationSchema, carryOutStep, fileApplication, stepSchema } from './actions.ts';
import { html } from './html.ts';
import { sendPage, viewOf, type View } from './page.ts';
import { messagesPage, qrSvg } from './pages/messages.ts';
import { overviewPage, requestsPage } from './pages/overview.ts';
import { peoplePage, personPage } from './pages/people.ts';
import { requestPage } from './pages/request.ts';
import { simulatorPage, terminalsPage } from './pages/simulator.ts';
import { verifyPage } from './pages/verify.ts';
import { peopleQuerySchema } from './people-search.ts';

const idParams = z.object({ id: z.string().max(80) });
const formSchema = z.record(z.string(), z.string().max(200));

/** Pages for people: GET shows, POST acts and leads back to what it changed. */
export function mountPages(app: FastifyInstance, ctx: RegistryContext): void {
  const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8');
  app.get('/style.css', (_, reply) => reply.type('text/css; charset=utf-8').send(style));
  mountReads(app, ctx);
  mountForms(app, ctx);
}

function mountReads(app: FastifyInstance, ctx: RegistryContext): void {
  app.get('/', (request, reply) => {
    sweepAll(ctx);
    const view = viewOf(request);
    return sendPage(reply, view, view.strings.overview, overviewPage(ctx, view));
  });
  app.get('/people', (request, reply) => {
    const view = viewOf(request);
    const query = peopleQuerySchema.parse(request.query);
    return sendPage(reply, view, view.strings.people, peoplePage(ctx, view, query));
  });
  app.get('/people/:id', (request, reply) => {
    const view = viewOf(request);
    const person = findPerson(ctx.db, idParams.parse(request.params).id);
    if (person === null) return notFound(reply, view);
    return sendPage(reply, view, person.name, personPage(ctx, view, person));
  });
  app.get('/requests', (request, reply) => {
    sweepAll(ctx);
    const view = viewOf(request);
    return sendPage(reply, view, view.strings.requests, requestsPage(ctx, view));
  });
  app.get('/requests/:id', (request, reply) => {
    sweepAll(ctx);
    const view = viewOf(request);
    const found = findRequest(ctx.db, 'request_id = ?', idParams.parse(request.params).id);
    if (found === null) return notFound(reply, view);
    const title = view.strings.documents[found.documentKind];
    return sendPage(reply, view, title, requestPage(ctx, view, found));
  });
  app.get('/messages', (request, reply) => {
    const view = viewOf(request);
    const { nik } = z.object({ nik: z.string().optional() }).parse(request.query);
    const person = nik === undefined ? null : findPersonByNik(ctx.db, nik);
    if (nik !== undefined && person === null) return notFound(reply, view);
    return sendPage(reply, view, view.strings.messages, messagesPage(ctx, view, person));
  });
  app.get('/messages/:id/qr.svg', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const message = messagesOf(ctx.db, null, -1).find((other) => String(other.messageId) === id);
    const code = message?.collectionCode ?? null;
    if (code === null) return notFound(reply, viewOf(request));
    return reply.type('image/svg+xml').send(qrSvg(code).text);
  });
  app.get('/terminals', (request, reply) => {
    const view = viewOf(request);
    return sendPage(reply, view, view.strings.terminals, terminalsPage(ctx, view));
  });
  app.get('/simulator', (request, reply) => {
    const view = viewOf(request);
    return sendPage(reply, view, view.strings.simulator, simulatorPage(ctx, view));
  });
  app.get('/verify', (request, reply) => {
    const view = viewOf(request);
    const { d } = z.object({ d: z.string().max(100).default('') }).parse(request.query);
    return sendPage(reply, view, view.strings.verifyTitle, verifyPage(ctx, view, d));
  });
}

function mountForms(app: FastifyInstance, ctx: RegistryContext): void {
  app.post('/people/:id/apply', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { oldCard, ...form } = formSchema.parse(request.body);
    const filed = fileApplication(
      ctx,
      applicationSchema.parse({ ...form, personId: id, oldCard: oldCard === '' ? null : oldCard }),
    );
    return after(reply, viewOf(request), filed, `/people/${id}`, ({ requestId }) =>
      reply.redirect(`/requests/${requestId}`, 303),
    );
  });
  app.post('/people/:id/standing', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { standing } = z.object({ standing: standingSchema }).parse(request.body);
    const person = findPerson(ctx.db, id);
    if (person === null) return notFound(reply, viewOf(request));
    setStanding(ctx, person, standing);
    return reply.redirect(`/people/${id}`, 303);
  });
  app.post('/requests/:id/:step', async (request, reply) => {
    const { id, step } = idParams.extend({ step: stepSchema }).parse(request.params);
    const result = await carryOutStep(ctx, id, step);
    return after(reply, viewOf(request), result, `/requests/${id}`, () =>
      reply.redirect(`/requests/${id}`, 303),
    );
  });
  app.post('/simulator', (request, reply) => {
    ctx.faults.set(faultsOfForm(formSchema.parse(request.body)));
    return reply.redirect('/simulator', 303);
  });
}

/** A box that is not ticked is not sent at all. */
function faultsOfForm(form: Readonly<Record<string, string>>): Faults {
  return faultsSchema.parse(
    Object.fromEntries(
      Object.keys(faultsSchema.shape).map((name) => [
        name,
        name === 'loseNextAnswers' ? Number(form[name] ?? 0) : form[name] === 'on',
      ]),
    ),
  );
}

function after<T>(
  reply: FastifyReply,
  view: View,
  result: Result<T, { readonly kind: keyof View['strings']['refusals'] }>,
  backTo: string,
  onDone: (value: T) => FastifyReply,
): FastifyReply {
  if (result.ok) return onDone(result.value);
  const { strings } = view;
  const content = html`<p class="verdict warn">${strings.refusals[result.error.kind]}</p>
    <a class="button quiet" href="${backTo}">${strings.back}</a>`;
  return sendPage(reply, view, strings.refused, content, 409);
}

const notFound = (reply: FastifyReply, view: View): FastifyReply =>
  sendPage(
    reply,
    view,
    view.strings.notFound,
    html`<a class="button quiet" href="/">${view.strings.back}</a>`,
    404,
  );
