import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import * as z from 'zod';

const folder = join(import.meta.dirname, '../../../assets/osia');

const parameterSchema = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query']),
  required: z.boolean(),
});
const contentSchema = z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional();
const operationSchema = z.looseObject({
  operationId: z.string(),
  security: z.array(z.looseObject({ BearerAuth: z.array(z.string()) })),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.looseObject({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema })),
});
const fileSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

/** What one operation takes and gives, by the file that defines it. */
export interface Operation {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  /** Rules that a request breaks; none: it keeps the contract. */
  requestFaults(query: URLSearchParams, body: string): string[];
  answerFaults(status: number, body: unknown): string[];
}

type Check = (value: unknown) => string[];

/** The interface files as they are, asked of every request and every answer. */
export class Contract {
  readonly #file: z.infer<typeof fileSchema>;
  readonly #sent: Ajv;
  readonly #given: Ajv;

  constructor(name: 'cms.yaml' | 'dataaccess.yaml') {
    const raw: unknown = parse(readFileSync(join(folder, name), 'utf8'));
    this.#file = fileSchema.parse(raw);
    const schema = z.record(z.string(), z.unknown()).parse(raw);
    this.#given = checker(schema);
    this.#sent = checker(schema);
    // OpenAPI 3.0: a read-only member is never part of a request.
    this.#sent.removeKeyword('readOnly');
    this.#sent.addKeyword({ keyword: 'readOnly', validate: (isReadOnly: boolean) => !isReadOnly });
  }

  /** null: there is no such path, or it takes no such method. */
  find(method: string, path: string): Operation | null {
    for (const [template, methods] of Object.entries(this.#file.paths)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
      const found = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
      const operation = methods[method.toLowerCase()];
      if (found === null || operation === undefined) continue;
      const params = Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]),
      );
      return this.#operation([template, method.toLowerCase()], operation, params);
    }
    return null;
  }

  #operation(
    at: readonly string[],
    operation: z.infer<typeof operationSchema>,
    params: Record<string, string>,
  ): Operation {
    const { operationId: id, parameters, responses, requestBody } = operation;
    const json = ['content', 'application/json', 'schema'];
    return {
      id,
      params,
      scopes: operation.security.flatMap(({ BearerAuth }) => BearerAuth),
      requestFaults: (query, body) => {
        const faults: string[] = [];
        const known = parameters.filter((one) => one.in === 'query');
        for (const name of query.keys()) {
          if (!known.some((one) => one.name === name)) faults.push(`${id}: parameter ${name}`);
          if (query.getAll(name).length > 1) faults.push(`${id}: ${name} twice`);
        }
        for (const { name, required } of known) {
          if (required && (query.get(name) ?? '') === '') faults.push(`${id}: without ${name}`);
        }
        if (requestBody === undefined) return body === '' ? faults : [...faults, `${id}: a body`];
        const check = this.#check(this.#sent, ['paths', ...at, 'requestBody', ...json]);
        return [...faults, ...check(jsonOf(body)).map((fault) => `${id}: ${fault}`)];
      },
      answerFaults: (status, body) => {
        const response = responses[status];
        if (response === undefined) return [`${id}: answers ${status}`];
        if (response.content?.['application/json'] === undefined) {
          return body === null ? [] : [`${id}: ${status} with a body`];
        }
        const check = this.#check(this.#given, [
          'paths',
          ...at,
          'responses',
          String(status),
          ...json,
        ]);
        return check(body).map((fault) => `${id} answers ${status}: ${fault}`);
      },
    };
  }

  #check(ajv: Ajv, pointer: readonly string[]): Check {
    const escaped = pointer.map((part) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const ref = `osia#/${escaped.join('/')}`;
    const validate = ajv.getSchema(ref) ?? ajv.compile({ $ref: ref });
    return (value) => {
      if (validate(value) === true) return [];
      return (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message ?? ''}`);
    };
  }
}

function checker(schema: AnySchema): Ajv {
  // OpenAPI has words that JSON Schema has not (`example`, `xml`); the rest is as strict as the file.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(schema, 'osia');
  return ajv;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
