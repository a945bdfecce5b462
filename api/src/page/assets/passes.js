// Passes: a QR code whose last eight digits change every thirty seconds, computed here, so it also works in a basement.

import { mine } from './api.js';
import { everySecond, learn, now } from './clock.js';
import { h, put, s } from './dom.js';
import { instant } from './format.js';
import { t, titleOf } from './i18n.js';
import { empty, heading } from './parts.js';
import { encode } from './qr.js';
import { canCompute, secondsLeft, step, totp } from './totp.js';

export async function passesView({ params: [wanted], signal }) {
  const sent = performance.now();
  const { items } = await mine('/me/passes', {}, signal);
  if (items[0]?.serverNow) learn(items[0].serverNow, performance.now() - sent);
  if (items.length === 0) {
    return h('div', {}, heading(t('passes.title')), empty(t('passes.none'), t('passes.noneHint'), h('a', { class: 'primary', href: '#/classes' }, t('classes.find'))));
  }
  const sorted = wanted ? [...items].sort((a, b) => belongs(b, wanted) - belongs(a, wanted)) : items;
  return h('div', {}, heading(t('passes.title'), { back: wanted && '#/bookings' }), h('div', { class: 'passes' }, sorted.map((pass) => passCard(pass, signal))));
}

// The booking's id is the middle of `CQ1.<booking>.`.
function belongs({ prefix }, booking) {
  return Number(prefix?.includes(booking.replace(/^bkg_/, '')) ?? false);
}

function passCard(pass, signal) {
  const qr = h('div', { class: 'qr' });
  const code = h('code', { testid: 'pass-code' });
  const clock = h('progress', { max: pass.periodSeconds ?? 30, 'aria-label': t('pass.changes') });
  const left = h('small', {}, ' ');
  let shown = null;
  everySecond(async () => {
    const time = now();
    const period = pass.periodSeconds ?? 30;
    clock.value = secondsLeft(time, period);
    put(left, t('pass.changesIn', { seconds: secondsLeft(time, period) }));
    if (shown === step(time, period)) return;
    shown = step(time, period);
    const text = await codeOf(pass, time);
    put(code, text);
    put(qr, qrCode(text));
  }, signal);
  return h(
    'article',
    { class: 'pass', testid: 'pass', 'data-prefix': pass.prefix },
    h('header', {}, h('small', {}, t('pass.title')), h('h2', {}, titleOf(pass))),
    h('div', { class: 'stub' }, qr, code, clock, left),
    h('footer', {}, h('span', {}, t('pass.party', { party: pass.party ?? 1 })), h('span', {}, validity(pass))),
  );
}

// Without WebCrypto (http from another machine) the server's code of the moment is shown, good for a minute.
async function codeOf(pass, time) {
  if (pass.secret && canCompute()) return pass.prefix + (await totp(pass, time));
  const given = pass.code ?? '';
  return given.startsWith(pass.prefix) ? given : pass.prefix + given;
}

function validity({ validFrom, validUntil }) {
  const [from, until] = [validFrom, validUntil].map((value) => value && instant(value));
  if (from && until) return t('pass.between', { from, until });
  return until ? t('pass.until', { until }) : '';
}

/** One path, so that it stays sharp at any size. White around it whatever the theme: scanners need it. */
function qrCode(text) {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return s(
    'svg',
    { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': t('pass.qr'), 'data-testid': 'pass-qr', 'shape-rendering': 'crispEdges' },
    s('rect', { width: size, height: size, fill: '#fff' }),
    s('path', { d: path, fill: '#10231c' }),
  );
}
