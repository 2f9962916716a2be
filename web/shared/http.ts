// How an answer of the service is read, and what may be wrong with it.

// RFC 9457. `slug` is the last part of `type`.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly detail: string,
    readonly request_id: string,
    readonly fields: Map<string, string>,
    readonly retry_after_s: number,
    readonly details: string[] = [], // of all that is wrong, in the order of the service
  ) {
    super(detail);
  }
}

export class Unreachable extends Error {}

// Throws Unreachable when no answer came.
export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw new Unreachable(url);
  }
}

// Gives the body of a good answer; throws Problem for any other, and Unreachable for a good one
// that broke off.
export async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as T;
  if (response.ok) throw new Unreachable(response.url);
  throw problem_of(response, body ?? {});
}

function problem_of(response: Response, body: any): Problem {
  const fields = new Map<string, string>();
  for (const { pointer, detail } of body.errors ?? []) fields.set(pointer, detail);
  return new Problem(
    response.status,
    String(body.type ?? '').replace(/^.*[/#:]/, ''),
    String(body.detail ?? body.message ?? ''),
    String(body.instance ?? ''),
    fields,
    Number(response.headers.get('Retry-After') ?? 0),
    (body.errors ?? []).map(({ detail }: { detail: string }) => detail),
  );
}
