// The filters of the class list: one `URLSearchParams` is the whole state, and it lives in the address, so a search can be shared.

import { button, choice, h, put } from './dom.js';
import { t, tOf } from './i18n.js';
import { nearQuery, parsePoint, stations, whereAmI } from './places.js';

const CATEGORIES = ['art', 'career', 'craft', 'dance', 'digital', 'health', 'heritage', 'language', 'life', 'media', 'music', 'sport'];
/** What the list asks the server for. */
const ASKED = ['q', 'near', 'datum', 'minutes', 'mode', 'weekday', 'category', 'available', 'phase', 'school', 'term'];
const TYPING_MS = 250;

/** The server's query for this state. */
export function queryOf(state) {
  const query = {};
  for (const name of ASKED) if (state.get(name)) query[name] = state.get(name);
  if (!query.near) for (const name of ['datum', 'minutes', 'mode']) delete query[name];
  return query;
}

/** The controls. `changed` is called after every change of `state`. */
export function filterBar(state, changed) {
  const keep = (values) => {
    for (const [name, value] of Object.entries(values)) value ? state.set(name, value) : state.delete(name);
    changed();
  };
  return h('form', { class: 'filters', onsubmit: (event) => event.preventDefault() }, search(state, keep), near(state, keep), phases(state, keep), more(state, keep));
}

function search(state, keep) {
  let timer;
  return h('input', {
    type: 'search',
    class: 'search',
    testid: 'filter-q',
    placeholder: t('filter.q'),
    'aria-label': t('filter.q'),
    maxlength: 50,
    value: state.get('q') ?? '',
    oninput: ({ target }) => {
      clearTimeout(timer);
      timer = setTimeout(() => keep({ q: target.value.trim() }), TYPING_MS);
    },
  });
}

function near(state, keep) {
  const detail = h('div', { class: 'near-detail' });
  const from = (name, point, datum) => {
    keep({ ...nearQuery(point, datum), from: name, minutes: state.get('minutes') ?? '30', mode: state.get('mode') ?? 'walk' });
    put(detail, name === 'typed' && typed(state, from), reach(state, keep));
  };
  const pick = (name) => {
    if (name === '') {
      keep({ near: '', datum: '', minutes: '', mode: '', from: '' });
      put(detail);
    } else if (name === 'typed') put(detail, typed(state, from));
    else if (name === 'here') locate(detail, from);
    else from(name, stations[name], 'gcj02');
  };
  const options = ['', 'here', ...Object.keys(stations), 'typed'].map((name) => [name, t(`near.${name || 'any'}`), `near-${name || 'any'}`]);
  const chosen = state.get('near') ? (state.get('from') ?? 'typed') : '';
  if (chosen) put(detail, chosen === 'typed' && typed(state, from), reach(state, keep));
  return h('fieldset', {}, h('legend', {}, t('filter.near')), choice(t('filter.near'), options, chosen, pick, 'chips scroll'), detail);
}

async function locate(detail, from) {
  put(detail, h('p', { class: 'hint' }, t('near.locating')));
  try {
    from('here', await whereAmI(), 'wgs84');
  } catch {
    put(detail, h('p', { class: 'hint', role: 'alert' }, t('near.refused')));
  }
}

function typed(state, from) {
  const input = h('input', {
    type: 'text',
    inputmode: 'text',
    testid: 'near-point',
    placeholder: '31.7749, 119.9642',
    'aria-label': t('near.point'),
    value: state.get('from') === 'typed' ? (state.get('near') ?? '') : '',
  });
  const datum = h('select', { 'aria-label': t('near.datum'), testid: 'near-datum' }, ['gcj02', 'wgs84'].map((name) => h('option', { value: name }, t(`near.${name}`))));
  datum.value = state.get('datum') ?? 'gcj02';
  const go = () => {
    const point = parsePoint(input.value);
    input.setAttribute('aria-invalid', String(!point));
    if (point) from('typed', point, datum.value);
  };
  input.addEventListener('keydown', (event) => event.key === 'Enter' && go());
  return h('div', { class: 'row' }, input, datum, button(t('near.go'), go, { class: 'quiet', testid: 'near-go' }));
}

function reach(state, keep) {
  const modes = ['walk', 'cycle'].map((mode) => [mode, t(`mode.${mode}`), `mode-${mode}`]);
  const minutes = ['15', '30', '45', '60'].map((count) => [count, t('minutes', { count }), `minutes-${count}`]);
  return h(
    'div',
    { class: 'row reach' },
    choice(t('filter.mode'), modes, state.get('mode') ?? 'walk', (mode) => keep({ mode }), 'segments'),
    choice(t('filter.minutes'), minutes, state.get('minutes') ?? '30', (count) => keep({ minutes: count }), 'segments'),
  );
}

function phases(state, keep) {
  const chosen = state.get('available') ? 'available' : (state.get('phase') ?? '');
  const options = ['', 'available', 'upcoming', 'entering', 'waitlist', 'full', 'closed'].map((name) => [name, t(`show.${name || 'all'}`), `show-${name || 'all'}`]);
  const pick = (name) => keep({ available: name === 'available' ? 'true' : '', phase: name === 'available' ? '' : name });
  return choice(t('filter.phase'), options, chosen, pick, 'chips scroll');
}

function more(state, keep) {
  const weekdays = ['', '1', '2', '3', '4', '5', '6', '7'].map((day) => [day, t(day ? `weekdayShort.${day}` : 'any'), `weekday-${day || 'any'}`]);
  const category = h(
    'select',
    { testid: 'filter-category', 'aria-label': t('filter.category'), onchange: ({ target }) => keep({ category: target.value }) },
    h('option', { value: '' }, t('filter.anyCategory')),
    CATEGORIES.map((name) => h('option', { value: name }, tOf('category', name))),
  );
  category.value = state.get('category') ?? '';
  const open = Boolean(state.get('weekday') || state.get('category'));
  return h(
    'details',
    { open },
    h('summary', { testid: 'filter-more' }, t('filter.more')),
    h('div', { class: 'more' }, choice(t('filter.weekday'), weekdays, state.get('weekday') ?? '', (weekday) => keep({ weekday }), 'chips'), category),
  );
}
