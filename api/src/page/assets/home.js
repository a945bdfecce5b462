// The first thing a newcomer sees: who one can be here. And the first thing a person sees: what comes next.

import { mine } from './api.js';
import { bookingCard } from './booking.js';
import { classCard } from './card.js';
import { button, h } from './dom.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, showing } from './parts.js';
import { myself, people, signedIn, signIn, who } from './session.js';

export async function homeView(context) {
  return signedIn() ? greeting(context) : welcome(context);
}

function welcome({ changed }) {
  const trouble = h('div');
  const enter = (person) => () =>
    showing(trouble, async () => {
      await signIn(person);
      const back = sessionStorage.getItem('cq.return');
      sessionStorage.removeItem('cq.return');
      changed(back ?? (person === 'school-staff' ? '#/staff' : '#/'));
    });
  return h(
    'div',
    { class: 'welcome' },
    h('section', { class: 'hero' }, h('img', { src: '/page/dusk.svg', alt: '' }), h('h1', {}, t('hero.title')), h('p', {}, t('hero.text')), h('a', { class: 'primary', href: '#/classes', testid: 'browse' }, t('hero.browse'))),
    h('h2', {}, t('hero.who')),
    h('p', { class: 'hint' }, t('hero.whoHint')),
    trouble,
    h(
      'div',
      { class: 'people' },
      people.map((person) =>
        button([h('span', { class: 'face', 'data-who': person, 'aria-hidden': 'true' }, t(`face.${person}`)), h('span', {}, h('strong', {}, t(`who.${person}`)), h('small', {}, t(`whoText.${person}`)))], enter(person), {
          class: 'person',
          testid: `sign-in-${person}`,
        }),
      ),
    ),
  );
}

async function greeting({ signal, rerender }) {
  const [person, home] = await Promise.all([myself(), mine('/me/home', {}, signal)]);
  const next = home.next ?? home.nextBooking;
  const answer = home.toAnswer ?? [];
  const soon = home.openingSoon ?? [];
  const unread = count(home.unread ?? home.unreadCount);
  return h(
    'div',
    { class: 'home' },
    h('section', { class: 'hello' }, h('small', {}, t('home.hello')), h('h1', {}, person.name || t(`who.${who()}`)), memberships(person)),
    unread > 0 && h('p', {}, h('a', { class: 'strip', href: '#/notices' }, t('home.unread', { unread }))),
    answer.length > 0 && h('section', {}, h('h2', {}, t('home.toAnswer')), answer.map((booking) => bookingCard(booking, rerender))),
    h('section', {}, h('h2', {}, t('home.next')), next ? bookingCard(next, rerender) : h('p', { class: 'hint' }, t('home.nothing'))),
    soon.length > 0 && h('section', {}, h('h2', {}, t('home.soon')), soon.map((item) => classCard(item))),
    h('div', { class: 'actions' }, h('a', { class: 'primary', href: '#/classes', testid: 'find-class' }, t('classes.find')), person.operator && h('a', { class: 'quiet', href: '/docs' }, t('docs'))),
  );
}

function count(value) {
  return typeof value === 'object' && value ? (value.count ?? 0) : (value ?? 0);
}

function memberships(person) {
  const all = person.memberships.map(({ organisation, role }) => h('li', { testid: 'membership' }, badge(tOf('role', role), 'good'), ' ', titleOf(organisation)));
  if (person.operator && !person.memberships.some(({ role }) => role === 'operator')) all.unshift(h('li', {}, badge(t('role.operator'), 'good'), ' ', t('home.city')));
  return h('ul', { class: 'memberships' }, all.length > 0 ? all : h('li', {}, badge(t('role.resident'))));
}
