import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { discard } from '../journal/fixture.ts';
import { ConsoleBench, PASSWORD, plainPages, refusal } from './console-bench.ts';

// Flushes, threads and password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const folder = plainPages();
let bench: ConsoleBench;

afterAll(() => discard(folder));
beforeEach(async () => {
  bench = await ConsoleBench.open(join(folder, 'ui'));
});
afterEach(async () => {
  await bench.close();
  expect(bench.logged).toEqual([]);
});

describe('who may ask', () => {
  const self = (): string => new URL(bench.server.url).host;

  it.each([
    ['another name for this machine', 'evil.test'],
    ['another name with our port', 'evil.test:80'],
    ['a name that begins like ours', '127.0.0.1.evil.test'],
    ['a name that ends like ours', 'evil.test#127.0.0.1'],
    ['an address of the network', '192.168.1.5'],
    ['nothing', ''],
  ])('is refused under a Host that is %s (DNS rebinding)', async (_, host) => {
    for (const path of ['/api/session', '/staff/', '/api/technician/status']) {
      const answer = await bench.ask(path, { headers: { host } });
      expect([path, answer.status, answer.text]).toEqual([path, 421, '']);
    }
  });

  it('is not refused as localhost, which no DNS answer moves', async () => {
    const { port } = new URL(bench.server.url);
    const answer = await bench.ask('/api/session', { headers: { host: `localhost:${port}` } });
    expect(answer.status).toBe(200);
  });

  it.each([
    ['a foreign site', () => 'http://evil.test'],
    ['another port of this machine', () => 'http://127.0.0.1:1'],
    ['a sandboxed page', () => 'null'],
    ['a site whose address ends like ours', () => `http://evil.test//${self()}`],
    ['a site whose user name is ours', () => `http://${self()}@evil.test`],
    ['nobody at all', () => undefined],
  ])('is refused a change asked for by %s (CSRF)', async (_, originOf) => {
    const cookie = await bench.signedIn('Ani', ['administrator']);
    const before = bench.events().length;
    const origin = originOf();
    for (const path of [
      '/api/sign-in',
      '/api/sign-out',
      '/api/setup',
      '/api/activity',
      '/api/people',
      '/api/journal/verdict',
      '/api/technician/devices/card-printer/self-test',
    ]) {
      const answer = await bench.ask(path, {
        method: 'POST',
        body: {},
        headers: {
          cookie,
          'content-type': 'application/json',
          ...(origin === undefined ? {} : { origin }),
        },
      });
      expect([path, answer.status]).toEqual([path, 421]);
    }
    expect(bench.events()).toHaveLength(before);
    expect(bench.commands).toEqual([]);
  });

  it('is refused to read from a foreign site, and no answer says that it may', async () => {
    const foreign = await bench.ask('/api/session', { headers: { origin: 'http://evil.test' } });
    expect(foreign.status).toBe(421);
    const own = await bench.ask('/api/session');
    expect(own.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('the requests themselves', () => {
  it('are refused when they are larger than any page sends', async () => {
    const answer = await bench.post('/api/sign-in', { name: 'A', password: 'x'.repeat(20_000) });
    expect(refusal(answer)).toEqual([413, { refused: 'malformed' }]);
  });

  it.each([
    ['no JSON', '{"name":'],
    ['a list', '[]'],
    ['a field too many', { name: 'Ani', password: PASSWORD, roles: ['administrator'] }],
    ['a name too long', { name: 'a'.repeat(61), password: PASSWORD }],
    ['another type', { name: ['Ani'], password: PASSWORD }],
    ['a prototype', '{"__proto__":{"name":"Ani"},"password":"kunci-yang-panjang"}'],
  ])('are refused as malformed when they hold %s', async (_, body) => {
    const before = bench.events().length;
    expect(refusal(await bench.post('/api/sign-in', body))).toEqual([
      400,
      { refused: 'malformed' },
    ]);
    expect(bench.events()).toHaveLength(before);
  });

  it('are refused in a form that a foreign page could send unasked', async () => {
    const answer = await bench.post('/api/sign-in', 'name=Ani', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(415);
  });

  it.each([
    '/../outside.html',
    '/staff/../../outside.html',
    '/assets/..%2f..%2foutside.html',
    '/assets/%2e%2e/%2e%2e/outside.html',
    '/assets/..%5c..%5coutside.html',
    '/assets//etc/passwd',
    '/staff/%00',
    '/citizen/index.html',
    '/assets/../citizen/index.html',
    '/api/print-log/../../outside.html',
  ])('do not reach a file outside the pages: %s', async (path) => {
    const answer = await bench.ask(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toContain('outside');
    expect(answer.text).not.toContain('the citizen page');
  });

  it('that fail are told of in the log by their place, never in the words of the error', async () => {
    const cookie = await bench.signedIn('Tono', ['technician']);
    bench.answers = () => {
      throw new TypeError('the reader said 9902014501900001');
    };
    const path = '/api/technician/devices/card-printer/self-test';
    expect(refusal(await bench.post(path, {}, { cookie }))).toEqual([500, {}]);
    const logged = bench.logged.splice(0);
    const place = expect.stringMatching(/^ +at .*technician-routes\.ts/);
    expect(logged).toEqual([{ where: expect.arrayContaining(['TypeError', place]) }]);
    expect(JSON.stringify(logged)).not.toContain('9902014501900001');
  });

  it('reach the two pages, also without the slash at the end', async () => {
    expect((await bench.ask('/staff/')).text).toBe('the staff page');
    expect((await bench.ask('/technician/index.html')).text).toBe('the technician page');
    expect((await bench.ask('/technician')).headers['location']).toBe('/technician/');
    expect((await bench.ask('/')).headers['location']).toBe('/staff/');
  });

  it('are answered under a policy that lets no foreign or inline script run', async () => {
    for (const path of ['/staff/', '/api/session', '/nowhere', '/api/technician/status']) {
      const { headers } = await bench.ask(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
    }
  });
});
