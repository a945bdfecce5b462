// One class: everything a person wants to know before giving it ten evenings.

import { read } from './api.js';
import { phaseBadge, placeLine, seatBar, seatsText, windowText } from './card.js';
import { h, put } from './dom.js';
import { enrolPanel } from './enrol.js';
import { classTime, date, instant, money, span } from './format.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, facts, heading, tile } from './parts.js';
import { manages, myself, worksFor } from './session.js';

export async function classView({ params: [id], signal, rerender }) {
  const [item, lessons, person] = await Promise.all([
    read(`/classes/${id}`, {}, signal),
    read(`/classes/${id}/lessons`, {}, signal).catch(() => ({ items: [] })),
    myself().catch(() => null),
  ]);
  const numbers = h('div');
  const seats = (seatsLeft) => put(numbers, seatLines({ ...item, seatsLeft }));
  seats(item.seatsLeft);
  return h(
    'div',
    { class: 'detail' },
    heading(t('class.title'), { back: '#/classes' }),
    h(
      'section',
      { class: 'lead' },
      tile(item, true),
      h('div', { class: 'badges' }, phaseBadge(item), badge(tOf('category', item.category)), badge(tOf('admission', item.admission))),
      h('h2', { testid: 'class-title', 'data-id': item.id }, titleOf(item)),
      h('p', { class: 'where' }, placeLine(item)),
      h('p', { class: 'when' }, classTime(item)),
      numbers,
      windowText(item) && h('p', { class: 'window' }, windowText(item)),
    ),
    enrolPanel(item, { signal, reload: rerender, seats }),
    staffTools(item, person),
    item.description && h('section', {}, h('h2', {}, t('class.about')), h('p', { class: 'prose' }, item.description)),
    particulars(item),
    lessonList(lessons.items ?? []),
  );
}

function seatLines(item) {
  return [h('p', { class: 'numbers' }, h('span', { class: 'price' }, money(item.priceFen)), h('span', { testid: 'class-seats' }, seatsText(item))), seatBar(item)];
}

function staffTools(item, person) {
  if (!worksFor(person, item.host?.id)) return null;
  return h(
    'section',
    { class: 'actions tools' },
    h('a', { class: 'quiet', href: `#/roster/${item.id}`, testid: 'tool-roster' }, t('roster')),
    manages(person, item.host?.id) && h('a', { class: 'quiet', href: `#/edit/${item.id}` }, t('edit')),
  );
}

function particulars(item) {
  const { place } = item;
  const skipped = (item.skipDates ?? []).map(date).join(', ');
  const point = place?.lat !== undefined && `${place.lat},${place.lng}`;
  return h(
    'section',
    {},
    h('h2', {}, t('class.facts')),
    facts([
      [t('field.teacher'), nameOf(item.teacher)],
      [t('field.room'), nameOf(item.room)],
      [t('field.address'), place?.address],
      [t('field.term'), nameOf(item.term)],
      [t('field.age'), ages(item)],
      [t('field.admission'), t(`admissionText.${item.admission}`).startsWith('admissionText') ? '' : t(`admissionText.${item.admission}`)],
      [t('field.waitlist'), tOf('waitlist', item.waitlist)],
      [t('field.window'), [item.opensAt, item.closesAt].filter(Boolean).map(instant).join(' – ')],
      [t('field.drawAt'), item.drawAt && instant(item.drawAt)],
      [t('field.skipDates'), skipped],
    ]),
    point && h('p', {}, h('a', { href: `#/classes?near=${point}&datum=gcj02&from=typed&minutes=30&mode=walk` }, t('class.nearby'))),
  );
}

function nameOf(value) {
  return typeof value === 'object' && value ? titleOf(value) : value;
}

function ages({ ageMin, ageMax }) {
  if (ageMin && ageMax) return t('age.between', { ageMin, ageMax });
  if (ageMin) return t('age.from', { ageMin });
  return ageMax ? t('age.to', { ageMax }) : t('age.any');
}

function lessonList(lessons) {
  if (lessons.length === 0) return null;
  return h(
    'details',
    { class: 'lessons' },
    h('summary', {}, t('class.lessons', { count: lessons.length })),
    h('ol', {}, lessons.map((lesson) => h('li', {}, span(lesson.startsAt, lesson.endsAt)))),
  );
}
