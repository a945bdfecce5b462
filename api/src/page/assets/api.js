// The public API over fetch. Every failure leaves here as a `Problem`: RFC 9457's fields, also for a network that is gone.

import { locale, t } from './i18n.js';
import { dropTokens, keepTokens, tokens } from './tokens.js';

const ROOT = '/api/v1';
/** As long as a mini-app would wait. */
const TIMEOUT_MS = 10_000;

/** What the server refused, in the reader's language. `code` is stable. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.title ?? body.code ?? String(status));
    Object.assign(this, { status, title: this.message, code: 'unknown', ...body });
  }
}

/** JSON of a public read: the same bytes for everybody, so no token goes with it and caches may answer. */
export function read(path, query, signal) {
  return json(send('GET', path, { query, signal }));
}

/** JSON of a read that is the person's own. */
export function mine(path, query, signal) {
  return json(sendSigned('GET', path, { query, signal }));
}

/** A write as the person signed in; JSON of the answer, or null where it has none. */
export function write(method, path, body, headers) {
  return json(sendSigned(method, path, { body, headers }));
}

/** A write as nobody: signing in. */
export function writeAnonymous(method, path, body) {
  return json(send(method, path, { body }));
}

/** A file that only the person may have: `{blob, name}`. */
export async function download(path, fallbackName) {
  const answer = await sendSigned('GET', path, {});
  const named = /filename="?([^";]+)"?/.exec(answer.headers.get('content-disposition') ?? '');
  return { blob: await answer.blob(), name: named ? named[1] : fallbackName };
}

/** A key that makes a creating POST safe to repeat. */
export function idempotencyKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function json(answer) {
  const text = await (await answer).text();
  return text ? JSON.parse(text) : null;
}

async function sendSigned(method, path, options) {
  const before = tokens();
  try {
    return await send(method, path, { ...options, token: before?.accessToken });
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    if (problem.code === 'token_expired' && before?.refreshToken) {
      await refresh(before.refreshToken);
      return send(method, path, { ...options, token: tokens()?.accessToken });
    }
    dropTokens();
    throw problem;
  }
}

let refreshing = null;

// One refresh at a time: several expired requests wait for the same one.
function refresh(refreshToken) {
  refreshing ??= json(send('POST', '/auth/refresh', { body: { refreshToken } }))
    .then(keepTokens, (problem) => {
      if (problem.status === 401) dropTokens();
      throw problem;
    })
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

async function send(method, path, { query, body, headers, token, signal }) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const all = { Accept: 'application/json', 'Accept-Language': locale(), ...headers };
  if (token) all.Authorization = `Bearer ${token}`;
  if (body !== undefined) all['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, { title: t('problem.network'), detail: t('problem.networkDetail'), code: 'network' });
  }
  if (answer.ok) return answer;
  throw new Problem(answer.status, await answer.json().catch(() => ({ title: `${answer.status} ${answer.statusText}` })));
}

function address(path, query) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, value);
  }
  const tail = parameters.toString();
  return (path.startsWith('/api') || path === '/openapi.json' ? path : ROOT + path) + (tail ? `?${tail}` : '');
}
