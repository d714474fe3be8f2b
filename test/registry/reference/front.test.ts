import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { html } from '../../../src/registry/reference/front/html.ts';
import { RegistryBench } from '../support/registry-bench.ts';

let bench: RegistryBench;
beforeAll(async () => {
  bench = await RegistryBench.start();
});
afterAll(() => bench.stop());

/** `fetch` sets Host and Origin by itself; here they are what the test says. */
function knock(
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  const url = new URL(path, bench.running.frontUrl);
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers, setHost: !('host' in headers) });
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, text, headers: incoming.headers }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('the front', () => {
  it.each(['evil.test', '127.0.0.1', 'localhost:1', 'localhost.evil.test', ''])(
    'does not serve the host %j',
    async (host) => {
      expect((await knock('/', { host })).status).toBe(421);
    },
  );

  it('takes no post from another page, and none from a page that hides where it is', async () => {
    const json = { 'content-type': 'application/json' };
    const change = '{"slow":true}';
    for (const foreign of [
      { origin: 'http://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: bench.running.frontUrl.replace('http:', 'https:') },
    ] as Record<string, string>[]) {
      const { status } = await knock('/front/api/switches', { ...json, ...foreign }, change);
      expect(status).toBe(403);
    }
    expect(bench.running.faults.now.slow).toBe(false);
    const own = { ...json, origin: bench.running.frontUrl };
    expect((await knock('/front/api/switches', own, '{"slow":false}')).status).toBe(200);
  });

  it('refuses switches and applications it does not know, and says where', async () => {
    const json = { 'content-type': 'application/json' };
    const typo = await knock('/front/api/switches', json, '{"registrydown":true}');
    expect(typo).toMatchObject({ status: 400 });
    expect(typo.text).toContain('registrydown');
    expect(await knock('/front/api/applications', json, '{}')).toMatchObject({ status: 400 });
  });

  it.each([
    '/',
    '/people?q=MU',
    '/people/per_0001',
    '/requests',
    '/messages',
    '/terminals',
    '/simulator',
  ])('shows %s in both languages, without script, and says that it simulates', async (path) => {
    const indonesian = await knock(path);
    expect(indonesian.status).toBe(200);
    expect(indonesian.text).toContain('SIMULASI');
    expect(indonesian.headers['content-security-policy']).toContain("default-src 'none'");
    expect(indonesian.text).not.toContain('<script');
    const english = await knock(path, { cookie: 'lang=en' });
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('SIMULATION');
  });

  it('leads by forms alone from an application to the codes on the phone', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const person = await bench.person('minAge=30&relationship=ISTRI');
    const filed = await knock(
      `/people/${person.personId}/apply`,
      form,
      'documentKind=ktpEl&reason=damaged&oldCard=',
    );
    expect(filed.status).toBe(303);
    const page = String(filed.headers['location']);
    for (const step of ['verify', 'approve']) {
      expect((await knock(`${page}/${step}`, form, '')).headers['location']).toBe(page);
    }
    expect((await knock(page)).text).toContain('siap cetak');
    const phone = await knock(`/messages?nik=${person.nik}`);
    expect(phone.text).toMatch(/ANJ1\.[A-Z2-7]{28}/);
    expect(phone.text).toMatch(/PIN masuk Anda \d{6}/);
    const again = await knock(`${page}/approve`, form, '');
    expect(again.status).toBe(409);
    expect(again.text).toContain('tidak berlaku pada keadaan');
  });

  it('escapes a search as it comes', async () => {
    const { text } = await knock(`/people?q=${encodeURIComponent('"><img src=x>')}`);
    expect(text).toContain('value="&quot;&gt;&lt;img src=x&gt;"');
    expect(text).not.toContain('<img src=x>');
  });

  it('verifies a specimen without naming anybody in full', async () => {
    const kk = await bench.ready({ documentKind: 'kk' });
    const { verifyToken } = await bench.front<{ verifyToken: string }>(`/requests/${kk.requestId}`);
    const known = await knock(`/verify?d=${verifyToken}`);
    expect(known.text).toContain('SPESIMEN');
    expect(known.text).toContain('Kartu Keluarga');
    expect(known.text).not.toContain(kk.subject.nik);
    const unknown = await knock(`/verify?d=${'A'.repeat(20)}`);
    expect(unknown.text).toContain('Tidak ada dokumen seperti ini');
  });

  it('shows only what rules allow to be filed', async () => {
    const child = await bench.person('maxAge=10&relationship=ANAK');
    const json = { 'content-type': 'application/json' };
    const file = async (body: object) =>
      knock('/front/api/applications', json, JSON.stringify({ nik: child.nik, ...body }));
    expect((await file({ documentKind: 'ktpEl', reason: 'first' })).text).toContain(
      'tooYoungForKtpEl',
    );
    const kia = { documentKind: 'kia', reason: 'first' };
    expect((await file({ ...kia, oldCard: 'toBeCapturedHere' })).text).toContain(
      'oldCardDoesNotFit',
    );
    expect((await file(kia)).status).toBe(200);
    expect((await file(kia)).text).toContain('alreadyOpen');
  });
});

describe('the html tag', () => {
  it('escapes text and attributes, and nothing twice', () => {
    const name = `D'ARC <b>&"`;
    expect(html`<p title="${name}">${[name, html`<i>${name}</i>`]}</p>`.text).toBe(
      '<p title="D&#39;ARC &lt;b&gt;&amp;&quot;">D&#39;ARC &lt;b&gt;&amp;&quot;<i>D&#39;ARC &lt;b&gt;&amp;&quot;</i></p>',
    );
  });
});
