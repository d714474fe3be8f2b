import * as z from 'zod';

/** A JSON API over loopback HTTP, as a script or a test uses it. Fails on any answer but 2xx. */
export class Web {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  async get<S extends z.ZodType>(path: string, answer: S): Promise<z.infer<S>> {
    return answer.parse(await this.#ask('GET', path));
  }

  async post<S extends z.ZodType = z.ZodUnknown>(
    path: string,
    body: unknown,
    answer?: S,
  ): Promise<z.infer<S>> {
    const got = await this.#ask('POST', path, body);
    return (answer ?? z.unknown()).parse(got) as z.infer<S>;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(new URL(path, this.#base), {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text === '' ? null : JSON.parse(text);
  }
}
