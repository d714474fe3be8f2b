import * as z from 'zod';
import type { Json } from '../../base/canonical-json.ts';
import { CLAIM_HEADER, IDEMPOTENCY_HEADER, problemSchema, type RouteShape } from './route.ts';
import { routes } from './routes.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** The contract as an OpenAPI 3.1 document, made from the route table alone. */
export function openApiDocument(): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Anjungan registry contract',
      version: '1.0.0',
      description:
        'What a terminal asks of a population registry. Mutual TLS 1.3: the terminal is who its client certificate names.',
    },
    servers: [{ url: 'https://localhost' }],
    security: [{ terminalCertificate: [] }],
    paths,
    components: {
      securitySchemes: { terminalCertificate: { type: 'mutualTLS' } },
      responses: {
        problem: {
          description: 'The call breaks the contract',
          content: json(schemaOf(problemSchema)),
        },
        noAnswer: { description: 'No usable answer: repeat with the same key' },
      },
    },
  };
}

function operation(operationId: string, route: RouteShape): JsonObject {
  const refuses = route.refusal.def.type !== 'never';
  return {
    operationId,
    summary: route.summary,
    parameters: parametersOf(route),
    ...(route.body.def.type === 'undefined'
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(route.body)) } }),
    responses: {
      '200': { description: 'Done', content: json(schemaOf(route.answer)) },
      ...(refuses
        ? { '409': { description: 'Expected refusal', content: json(schemaOf(route.refusal)) } }
        : {}),
      '4XX': { $ref: '#/components/responses/problem' },
      '5XX': { $ref: '#/components/responses/noAnswer' },
    },
  };
}

function parametersOf(route: RouteShape): readonly JsonObject[] {
  const parameter = (where: string, name: string, required: boolean, schema: Json): JsonObject => ({
    in: where,
    name,
    required,
    schema,
  });
  const text = { type: 'string' };
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) =>
    parameter('path', name, true, text),
  );
  const inQuery = Object.entries(route.query.shape).map(([name, schema]) =>
    parameter('query', name, false, schemaOf(schema as z.ZodType)),
  );
  return [
    ...inPath,
    ...inQuery,
    ...(route.needsClaim ? [parameter('header', CLAIM_HEADER, true, text)] : []),
    ...(route.repeat === 'withKey' ? [parameter('header', IDEMPOTENCY_HEADER, false, text)] : []),
  ];
}

const json = (schema: Json): JsonObject => ({ 'application/json': { schema } });

function schemaOf(schema: z.ZodType): Json {
  const made = Object.entries(z.toJSONSchema(schema, { io: 'output' }));
  return Object.fromEntries(made.filter(([name]) => name !== '$schema')) as JsonObject;
}
