// Who is in a class. The columns are whatever the server sends, in a sensible order; ids stay out of sight.

import { mine, read } from './api.js';
import { button, h } from './dom.js';
import { instant } from './format.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, empty, heading, save, showing } from './parts.js';

const FIRST = ['position', 'ordinal', 'name', 'nickname', 'displayName', 'phone', 'state', 'party', 'payment'];
const PAGES_MAX = 20;

export async function rosterView({ params: [id], signal }) {
  const [item, rows] = await Promise.all([read(`/classes/${id}`, {}, signal).catch(() => null), allRows(id, signal)]);
  const trouble = h('div');
  const file = (ending) => button(ending.toUpperCase(), () => showing(trouble, () => save(`/classes/${id}/roster.${ending}`, `roster.${ending}`)), { class: 'quiet', testid: `roster-${ending}` });
  return h(
    'div',
    {},
    heading(t('roster'), { back: item?.host?.id ? `#/staff/${item.host.id}` : '#/staff' }),
    item && h('h2', { testid: 'roster-title' }, titleOf(item)),
    h('div', { class: 'row between' }, h('span', { class: 'hint' }, summary(rows)), h('span', { class: 'row' }, file('csv'), file('xlsx'))),
    trouble,
    rows.length > 0 ? table(rows) : empty(t('roster.none'), t('roster.noneHint')),
  );
}

async function allRows(id, signal) {
  const rows = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, nextCursor } = await mine(`/classes/${id}/roster`, { limit: 100, cursor }, signal);
    rows.push(...items);
    if (!nextCursor) break;
    cursor = nextCursor;
  }
  return rows;
}

function summary(rows) {
  const counts = new Map();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${tOf('state', state)} ${count}`).join(' · ');
}

function table(rows) {
  const flat = rows.map(flatten);
  const names = new Set(flat.flatMap((row) => Object.keys(row)));
  const columns = [...FIRST.filter((name) => names.delete(name)), ...names];
  const head = h('tr', {}, columns.map((name) => h('th', { scope: 'col' }, tOf('column', name))));
  const body = flat.map((row, index) => h('tr', { testid: 'roster-row', 'data-id': bookingId(rows[index]) }, columns.map((name) => h('td', {}, cell(name, row[name])))));
  return h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': t('roster') }, h('table', { testid: 'roster' }, h('thead', {}, head), h('tbody', {}, body)));
}

function bookingId({ id, bookingId: named, booking }) {
  return named ?? booking?.id ?? id;
}

// One level of nesting is opened (`person: {name, phone}`); empty columns and ids never appear.
function flatten(row) {
  const flat = {};
  for (const [name, value] of Object.entries(row)) {
    const inner = value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [[name, value]];
    for (const [key, plain] of inner) {
      if (plain !== null && plain !== '' && typeof plain !== 'object' && !/^id$|Id$/.test(key) && flat[key] === undefined) flat[key] = plain;
    }
  }
  return flat;
}

function cell(name, value) {
  if (value === undefined) return '–';
  if (name === 'state') return badge(tOf('state', value), value === 'confirmed' ? 'good' : 'soon');
  if (name === 'payment') return tOf('payment', value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return instant(value);
  return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : String(value);
}
