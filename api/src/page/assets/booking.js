// A booking as its owner sees it: what it is, what can be done with it (`actions`), and doing it.

import { write } from './api.js';
import { button, h, put } from './dom.js';
import { instant, money, span } from './format.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, problemBox, showing } from './parts.js';

export const LIVE = ['confirmed', 'waitlisted', 'pending', 'entered', 'offered'];
const TONES = { confirmed: 'good', attended: 'good', offered: 'soon', waitlisted: 'soon', pending: 'soon', entered: 'soon' };

/** One booking; `changed(booking)` follows every action. `full` names the subject too. */
export function bookingCard(booking, changed, { full = true, price } = {}) {
  const trouble = h('div');
  const subject = booking.subject ?? {};
  return h(
    'article',
    { class: 'card booking', testid: 'booking', 'data-id': booking.id, 'data-state': booking.state, 'data-subject': subject.id },
    h(
      'div',
      { class: 'top' },
      h('h3', {}, full ? h('a', { href: `#/classes/${subject.id}` }, titleOf(subject)) : tOf('booked', booking.state)),
      badge(tOf('state', booking.state), TONES[booking.state]),
    ),
    full && subject.startsAt && h('p', { class: 'when' }, t('first'), ' ', span(subject.startsAt, subject.endsAt)),
    full && titleOf(subject.place) && h('p', { class: 'where' }, titleOf(subject.place)),
    notes(booking, price).map((line) => h('p', { class: 'note' }, line)),
    trouble,
    h('div', { class: 'actions' }, actions(booking, changed, trouble)),
  );
}

function notes(booking, price) {
  const { state, position, party, reason, offerExpiresAt, payment, payBy, cancelUntil } = booking;
  return [
    state === 'waitlisted' && position && t('note.position', { position }),
    state === 'offered' && offerExpiresAt && t('note.offer', { at: instant(offerExpiresAt) }),
    state === 'pending' && t('note.pending'),
    state === 'entered' && t('note.entered'),
    party > 1 && t('note.party', { party }),
    payment === 'due' && t('note.pay', { price: money(price) }),
    payment === 'due' && payBy && t('note.payBy', { at: instant(payBy) }),
    reason && t('note.reason', { reason: typeof reason === 'string' ? tOf('reason', reason) : (reason.text ?? '') }),
    LIVE.includes(state) && cancelUntil && t('note.cancelUntil', { at: instant(cancelUntil) }),
  ].filter(Boolean);
}

// Actions come from the server as names; those this page does not know are the mini-app's.
function actions(booking, changed, trouble) {
  const names = new Set((booking.actions ?? []).map((action) => (typeof action === 'string' ? action : (action.name ?? action.action))));
  const act = (verb) => () => showing(trouble, async () => changed(await write('POST', `/me/bookings/${booking.id}/${verb}`)));
  return [
    ['confirmed', 'attended'].includes(booking.state) && h('a', { class: 'primary', href: `#/passes/${booking.id}`, testid: 'show-pass' }, t('pass.show')),
    names.has('accept') && button(t('accept'), act('accept'), { class: 'primary', testid: 'accept' }),
    names.has('decline') && button(t('decline'), act('decline'), { class: 'quiet', testid: 'decline' }),
    names.has('cancel') && cancelButton(booking, changed, trouble),
  ];
}

// Asked twice, in place: a seat given up may be gone.
function cancelButton(booking, changed, trouble) {
  const first = button(
    t('cancel'),
    () => {
      const sure = button(t('cancel.sure'), () => cancel(booking, changed, trouble), { class: 'danger', testid: 'cancel-sure' });
      first.replaceWith(sure, h('button', { type: 'button', class: 'quiet', onclick: ({ target }) => (sure.remove(), target.replaceWith(first)) }, t('keep')));
      sure.focus();
    },
    { class: 'quiet', testid: 'cancel' },
  );
  return first;
}

async function cancel(booking, changed, trouble) {
  const path = booking.subject?.id?.startsWith('cls_') ? `/classes/${booking.subject.id}/enrolment` : `/me/bookings/${booking.id}`;
  try {
    changed(await write('DELETE', path));
  } catch (problem) {
    put(trouble, problemBox(problem));
  }
}
