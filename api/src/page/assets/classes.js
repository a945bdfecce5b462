// Finding a class: filters above, cards below, more on demand.

import { mine, read } from './api.js';
import { classCard } from './card.js';
import { button, h, put } from './dom.js';
import { filterBar, queryOf } from './filters.js';
import { t, tOf } from './i18n.js';
import { badge, empty, heading, loading, problemBox } from './parts.js';
import { signedIn } from './session.js';

const PAGE = 20;

export function classesView({ query, signal }) {
  const list = h('section', { class: 'list', testid: 'class-list', 'aria-live': 'polite', 'aria-busy': 'true' });
  const state = new URLSearchParams(query);
  let latest = null;
  const reload = async () => {
    latest?.abort();
    latest = new AbortController();
    list.setAttribute('aria-busy', 'true');
    if (list.childElementCount === 0) put(list, loading());
    await fillList(list, state, AbortSignal.any([signal, latest.signal]));
  };
  const bar = filterBar(state, () => {
    history.replaceState(null, '', `#/classes${state.size ? `?${state}` : ''}`);
    reload();
  });
  // What is typed is not yet asked for: until it is, the list below is an old answer.
  bar.addEventListener('input', () => list.setAttribute('aria-busy', 'true'));
  reload();
  return h('div', {}, heading(t('classes.title')), bar, list);
}

async function fillList(list, state, signal) {
  try {
    const first = await page(state, '', signal);
    put(list, first.nodes);
    if (first.count === 0) put(list, empty(t('classes.none'), t('classes.noneHint')));
    list.setAttribute('aria-busy', 'false');
  } catch (problem) {
    if (signal.aborted) return;
    put(list, problemBox(problem, () => fillList(list, state, signal)));
    list.setAttribute('aria-busy', 'false');
  }
}

async function page(state, cursor, signal) {
  const { items, nextCursor } = await read('/classes', { ...queryOf(state), limit: PAGE, cursor }, signal);
  const marks = await bookingsOf(items, signal);
  const nodes = items.map((item) => classCard(item, marks.get(item.id)));
  if (nextCursor) {
    const more = button(t('more'), async () => more.replaceWith(...(await page(state, nextCursor, signal)).nodes), { class: 'quiet wide' });
    nodes.push(more);
  }
  return { nodes, count: items.length };
}

// What the person already has among these, in one request. A list without marks is still a list.
async function bookingsOf(items, signal) {
  const marks = new Map();
  if (!signedIn() || items.length === 0) return marks;
  try {
    const answer = await mine('/me/bookings', { subject: items.map(({ id }) => id).join(','), limit: 100 }, signal);
    for (const { subject, state } of answer.items) {
      if (['confirmed', 'waitlisted', 'pending', 'entered', 'offered'].includes(state)) marks.set(subject.id, badge(tOf('state', state), 'mine'));
    }
  } catch (problem) {
    if (signal.aborted) throw problem;
  }
  return marks;
}
