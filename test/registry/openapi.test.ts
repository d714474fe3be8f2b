import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from '../../src/registry/wire/openapi.ts';
import { routes } from '../../src/registry/wire/routes.ts';

const written = JSON.parse(
  readFileSync(new URL('../../src/registry/openapi.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, { operationId: string }>> };

describe('the written OpenAPI document', () => {
  it('is what the route table says today', () => {
    expect(written).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('has every route under its own name', () => {
    const named = Object.values(written.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(named.sort()).toEqual(Object.keys(routes).sort());
  });
});
