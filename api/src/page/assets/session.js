// Who is signed in: one of the sample people, through the WeChat sandbox's sign-in codes.

import { idempotencyKey, mine, write, writeAnonymous } from './api.js';
import { dropTokens, keepTokens, tokens } from './tokens.js';

const WHO = 'cq.who';

/** The sample people, in the order a newcomer meets them. `new` is somebody the city has never seen. */
export const people = ['resident', 'new', 'school-staff', 'organiser', 'shop-owner', 'operator'];

let me = null;

export function signedIn() {
  return tokens() !== null;
}

/** Which of `people` signed in here. */
export function who() {
  return sessionStorage.getItem(WHO) ?? 'new';
}

/** Each code works once, so each carries a nonce; somebody new is also a new openid. */
export async function signIn(person) {
  const nonce = idempotencyKey();
  const openid = person === 'new' ? `visitor-${nonce.slice(0, 10)}` : person;
  keepTokens(await writeAnonymous('POST', '/auth/wechat', { code: `sandbox:${openid}:${nonce}` }));
  sessionStorage.setItem(WHO, person);
  me = null;
}

/** Signs out here whatever the server says: a lost answer must not keep anyone in. */
export async function signOut() {
  const refreshToken = tokens()?.refreshToken;
  try {
    await write('POST', '/auth/logout', { refreshToken });
  } catch {
    // The tokens are dropped below, and the server's expire by themselves.
  }
  dropTokens();
  me = null;
}

/** The person, asked once per sign-in: `{name, operator, memberships: [{organisation: {id, name}, role, scope}]}`. */
export async function myself() {
  if (!signedIn()) return null;
  if (!me) {
    const answer = await mine('/me');
    const person = answer.person ?? answer;
    me = {
      id: person.id,
      name: person.nickname || person.displayName || person.name || '',
      operator: Boolean(answer.operator ?? person.operator),
      memberships: (answer.memberships ?? []).map(membership),
    };
    me.operator ||= me.memberships.some(({ role }) => role === 'operator');
  }
  return me;
}

function membership({ organisation, role, scope }) {
  const plain = typeof organisation === 'string' ? { id: organisation, name: organisation } : (organisation ?? {});
  return { organisation: plain, role, scope };
}

/** Whether the person works for that organisation (operators work for all). */
export function worksFor(person, organisationId) {
  return Boolean(person?.operator || person?.memberships.some(({ organisation }) => organisation.id === organisationId));
}

/** Whether the person may edit and publish there. */
export function manages(person, organisationId) {
  const higher = ({ organisation, role }) => organisation.id === organisationId && ['owner', 'manager', 'operator'].includes(role);
  return Boolean(person?.operator || person?.memberships.some(higher));
}
