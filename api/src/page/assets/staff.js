// The staff's side: one's organisations, their classes with drafts, and the way to each roster.

import { mine, write } from './api.js';
import { phaseBadge, seatBar, seatsText } from './card.js';
import { button, h, put } from './dom.js';
import { classTime } from './format.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, empty, heading, problemBox, showing, tile } from './parts.js';
import { manages, myself } from './session.js';

export async function staffView({ params: [chosen], signal, rerender }) {
  const person = await myself();
  const organisations = person.memberships.map(({ organisation }) => organisation);
  if (organisations.length === 0) {
    const hint = person.operator ? t('staff.operatorHint') : t('staff.noneHint');
    return h('div', {}, heading(t('staff.title')), empty(person.operator ? t('staff.operator') : t('staff.none'), hint, h('a', { class: 'primary', href: '#/classes' }, t('classes.find'))));
  }
  const current = organisations.find(({ id }) => id === chosen) ?? organisations[0];
  const tabs = organisations.map((one) =>
    h('a', { class: 'chip', href: `#/staff/${one.id}`, testid: 'organisation', 'data-id': one.id, 'aria-current': one === current ? 'true' : null }, titleOf(one)),
  );
  const list = h('section', { class: 'list', testid: 'staff-classes', 'aria-busy': 'true' });
  fillList(list, current, person, { signal, rerender });
  const create = manages(person, current.id) && h('a', { class: 'quiet', href: `#/new/${current.id}`, testid: 'new-class' }, t('staff.new'));
  return h('div', {}, heading(t('staff.title'), { side: create }), h('nav', { class: 'chips scroll', 'aria-label': t('staff.organisations') }, tabs), list);
}

async function fillList(list, organisation, person, context) {
  try {
    put(list, await page(organisation, '', person, context));
    if (list.childElementCount === 0) put(list, empty(t('staff.noClasses'), ''));
    list.setAttribute('aria-busy', 'false');
  } catch (problem) {
    if (!context.signal.aborted) put(list, problemBox(problem));
  }
}

async function page(organisation, cursor, person, context) {
  const { items, nextCursor } = await mine(`/organisations/${organisation.id}/classes`, { limit: 50, cursor }, context.signal);
  const nodes = items.map((item) => staffCard(item, manages(person, organisation.id), context));
  if (nextCursor) {
    const more = button(t('more'), async () => more.replaceWith(...(await page(organisation, nextCursor, person, context))), { class: 'quiet wide' });
    nodes.push(more);
  }
  return nodes;
}

function staffCard(item, mayEdit, { rerender }) {
  const trouble = h('div');
  const draft = item.state === 'draft';
  const publish = () =>
    showing(trouble, async () => {
      await write('POST', `/classes/${item.id}/publish`);
      rerender();
    });
  const point = item.place?.lat !== undefined ? `${item.place.lat},${item.place.lng}` : null;
  return h(
    'article',
    { class: 'card class', testid: 'staff-class', 'data-id': item.id, 'data-title': item.title, 'data-phase': item.phase, 'data-admission': item.admission, 'data-state': item.state, 'data-point': point },
    tile(item),
    h(
      'div',
      { class: 'body' },
      h('div', { class: 'top' }, h('h3', {}, h('a', { href: draft ? `#/edit/${item.id}` : `#/classes/${item.id}` }, titleOf(item))), draft ? badge(tOf('state', item.state)) : phaseBadge(item)),
      h('p', { class: 'when' }, classTime(item)),
      h('p', { class: 'numbers' }, h('span', {}, seatsText(item))),
      seatBar(item),
      trouble,
      h(
        'div',
        { class: 'actions' },
        h('a', { class: 'quiet', href: `#/roster/${item.id}`, testid: 'open-roster' }, t('roster')),
        mayEdit && h('a', { class: 'quiet', href: `#/edit/${item.id}`, testid: 'edit-class' }, t('edit')),
        mayEdit && draft && button(t('publish'), publish, { class: 'primary', testid: 'publish-class' }),
      ),
    ),
  );
}
