// A class as lists show it. Carries what the card needs and nothing personal.

import { h } from './dom.js';
import { classTime, instant, money } from './format.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, tile } from './parts.js';

const TONES = { open: 'good', entering: 'good', upcoming: 'soon', waitlist: 'soon', drawing: 'soon', postponed: 'soon' };

/** Nobody has a seat yet in these, so there is nothing to count down. */
const NOT_YET = ['upcoming', 'entering', 'drawing'];

/** A card that opens the class. `mark` is what the person already has there. */
export function classCard(item, mark) {
  return h(
    'a',
    { class: 'card class', href: `#/classes/${item.id}`, testid: 'class-card', 'data-id': item.id, 'data-phase': item.phase, 'data-admission': item.admission },
    tile(item),
    h(
      'div',
      { class: 'body' },
      h('div', { class: 'top' }, h('h3', {}, titleOf(item)), phaseBadge(item)),
      h('p', { class: 'where' }, placeLine(item)),
      h('p', { class: 'when' }, classTime(item)),
      h('p', { class: 'numbers' }, minutesAway(item), h('span', { class: 'price' }, money(item.priceFen)), h('span', {}, seatsText(item)), mark),
      seatBar(item),
      windowText(item) && h('p', { class: 'window' }, windowText(item)),
    ),
  );
}

export function phaseBadge({ phase }) {
  return badge(tOf('phase', phase), TONES[phase]);
}

/** "School · place", once where both are the same. */
export function placeLine({ host, place }) {
  const names = [titleOf(host), titleOf(place)].filter(Boolean);
  return [...new Set(names)].join(' · ');
}

function minutesAway({ place }) {
  const minutes = place?.minutes;
  return minutes === undefined || minutes === null
    ? null
    : h('span', { class: 'away', testid: 'card-minutes', 'data-minutes': minutes }, t('minutesAway', { minutes: Math.round(minutes) }));
}

/** Seats left of how many, and how many wait. */
export function seatsText({ phase, capacity, seatsLeft, waiting }) {
  if (capacity === null || capacity === undefined) return seatsLeft === undefined ? '' : t('seats.unlimited');
  if (NOT_YET.includes(phase)) return t('seats.total', { capacity });
  const parts = [seatsLeft > 0 ? t('seats.left', { left: seatsLeft, capacity }) : t('seats.none', { capacity })];
  if (waiting > 0) parts.push(t('seats.waiting', { waiting }));
  return parts.join(' · ');
}

/** How full it is, as a line. */
export function seatBar({ phase, capacity, seatsLeft }) {
  if (!capacity || NOT_YET.includes(phase) || seatsLeft === undefined || seatsLeft === null) return null;
  return h('progress', { class: 'seats', max: capacity, value: Math.max(0, capacity - seatsLeft), 'aria-label': t('seats.taken') });
}

/** The instant that matters next: opening, drawing or closing. */
export function windowText({ phase, opensAt, closesAt, drawAt }) {
  if (phase === 'upcoming' && opensAt) return t('window.opens', { at: instant(opensAt) });
  if ((phase === 'entering' || phase === 'drawing') && drawAt) return t('window.draws', { at: instant(drawAt) });
  if (['open', 'waitlist', 'entering', 'full'].includes(phase) && closesAt) return t('window.closes', { at: instant(closesAt) });
  return '';
}
