// Everything the person has, upcoming or past.

import { mine } from './api.js';
import { bookingCard } from './booking.js';
import { button, choice, h, put } from './dom.js';
import { t } from './i18n.js';
import { empty, heading, loading, problemBox } from './parts.js';

export function bookingsView({ query, signal }) {
  const list = h('section', { class: 'list', testid: 'bookings', 'aria-live': 'polite' });
  let when = query.get('when') === 'past' ? 'past' : 'upcoming';
  const load = async () => {
    put(list, loading());
    try {
      put(list, await page(when, '', load, signal));
      if (list.childElementCount === 0) put(list, empty(t(`bookings.none.${when}`), '', h('a', { class: 'primary', href: '#/classes' }, t('classes.find'))));
    } catch (problem) {
      if (!signal.aborted) put(list, problemBox(problem, load));
    }
  };
  const tabs = ['upcoming', 'past'].map((value) => [value, t(`bookings.${value}`), `bookings-${value}`]);
  load();
  const pick = (value) => {
    when = value;
    load();
  };
  return h('div', {}, heading(t('bookings.title')), choice(t('bookings.title'), tabs, when, pick, 'segments'), list);
}

async function page(when, cursor, changed, signal) {
  const { items, nextCursor } = await mine('/me/bookings', { when, limit: 50, cursor }, signal);
  const nodes = items.map((booking) => bookingCard(booking, changed));
  if (nextCursor) {
    const more = button(t('more'), async () => more.replaceWith(...(await page(when, nextCursor, changed, signal))), { class: 'quiet wide' });
    nodes.push(more);
  }
  return nodes;
}
