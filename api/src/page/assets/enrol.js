// Pressing the button: when it opens by the server's clock, what it says in each phase, and what came of it.

import { mine, write } from './api.js';
import { bookingCard, LIVE } from './booking.js';
import { after, everySecond, now, synchronise } from './clock.js';
import { button, h, put } from './dom.js';
import { remaining } from './format.js';
import { t, tOf } from './i18n.js';
import { facts, problemBox } from './parts.js';
import { signedIn } from './session.js';

/** A full queue asks to come back; enrolling is safe to repeat, so the page does, this often. */
const TRIES_MAX = 4;
const PRESSABLE = { open: 'enrol', waitlist: 'enrol.wait', entering: 'enrol.enter' };

/** The panel of one class: the person's booking there, or the button. `reload` asks the class anew, `seats` is told the count a booking brings. */
export function enrolPanel(item, { signal, reload, seats }) {
  const panel = h('section', { class: 'enrol', testid: 'enrol-panel', 'aria-live': 'polite' });
  const show = (booking) => {
    if (!booking || !LIVE.includes(booking.state)) {
      reload();
      return;
    }
    if (booking.seatsLeft !== undefined) seats(booking.seatsLeft);
    put(panel, bookingCard(booking, show, { full: false, price: item.priceFen }));
    follow(booking, show, signal);
  };
  start(panel, item, show, { signal, reload });
  return panel;
}

async function start(panel, item, show, context) {
  if (!signedIn()) {
    put(panel, pressButton(panel, item, show, context));
    return;
  }
  try {
    const { items } = await mine('/me/bookings', { subject: item.id }, context.signal);
    const live = items.find(({ state, subject }) => LIVE.includes(state) && subject?.id === item.id);
    if (live) show(live);
    else {
      put(panel, pressButton(panel, item, show, context));
      eligibility(panel, item, context.signal);
    }
  } catch (problem) {
    if (!context.signal.aborted) put(panel, problemBox(problem, context.reload));
  }
}

// Whoever waits is told when something changes, no more often than the server asks.
function follow(booking, show, signal) {
  if (!booking.pollAfterSeconds) return;
  after(
    booking.pollAfterSeconds,
    async () => {
      try {
        show(await mine(`/me/bookings/${booking.id}`, {}, signal));
      } catch {
        follow(booking, show, signal);
      }
    },
    signal,
  );
}

function pressButton(panel, item, show, context) {
  const label = h('span', {}, buttonText(item));
  const clock = h('small', { testid: 'countdown' });
  const pressed = async () => {
    if (!signedIn()) {
      sessionStorage.setItem('cq.return', location.hash);
      location.hash = '#/';
      return;
    }
    await enrol(panel, item, show, context);
  };
  const press = button([label, clock], pressed, { class: 'primary wide', testid: 'enrol' });
  if (item.phase === 'upcoming' && item.opensAt) countDown(press, label, clock, item, context);
  else if (!PRESSABLE[item.phase]) press.disabled = true;
  return press;
}

function buttonText({ phase }) {
  if (!signedIn() && PRESSABLE[phase]) return t('enrol.signIn');
  return PRESSABLE[phase] ? t(PRESSABLE[phase]) : tOf('phase', phase);
}

// The button wakes by the clock, not by an answer: in the rush nobody waits for a list to be fresh.
function countDown(press, label, clock, item, { signal }) {
  const opensAt = Date.parse(item.opensAt);
  press.disabled = true;
  synchronise();
  everySecond(() => {
    const left = opensAt - now();
    if (left > 0) {
      put(label, t('enrol.opensIn'));
      put(clock, remaining(left));
    } else if (press.disabled) {
      press.disabled = false;
      put(label, t(signedIn() ? 'enrol' : 'enrol.signIn'));
      put(clock);
    }
  }, signal);
}

async function enrol(panel, item, show, context) {
  for (let tried = 1; ; tried += 1) {
    try {
      show(await write('PUT', `/classes/${item.id}/enrolment`, { waitlist: true }));
      return;
    } catch (problem) {
      if (problem.status !== 503 || tried === TRIES_MAX) {
        put(panel, problemBox(problem), pressButton(panel, item, show, context));
        return;
      }
      await new Promise((resolve) => after(problem.retryAfterSeconds ?? 1, resolve));
    }
  }
}

// What is missing is said before the button is pressed. Without an answer the button still tells.
async function eligibility(panel, item, signal) {
  try {
    const { items } = await mine('/me/eligibility', { subject: item.id }, signal);
    const missing = items.flatMap((entry) => (entry.eligible ? [] : (entry.missing ?? [])));
    const lines = facts(missing.map(({ rule, text, fix }) => [text ?? rule, fix ?? '–']));
    if (lines) panel.append(h('div', { class: 'hint', testid: 'missing' }, t('enrol.missing'), lines));
  } catch {
    // The server decides when the button is pressed.
  }
}
