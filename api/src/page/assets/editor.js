// Creating, editing and publishing a class. Which fields there are is the server's business; see `schema.js`.

import { idempotencyKey, mine, write } from './api.js';
import { button, h, put } from './dom.js';
import { inputFor } from './inputs.js';
import { t, titleOf, tOf } from './i18n.js';
import { badge, heading, showing } from './parts.js';
import { bodyFields, guessedFields } from './schema.js';

/** Never typed by hand: the server's own. */
const ITS_OWN = ['id', 'version', 'state', 'createdAt', 'updatedAt', 'publishedAt'];

export async function editView({ params: [id], signal, rerender }) {
  const [values, fields] = await Promise.all([mine(`/classes/${id}/edit`, {}, signal), bodyFields('put', '/api/v1/classes/{id}')]);
  const trouble = h('div', { 'aria-live': 'polite' });
  const inputs = inputsFor(fields, values);
  const save = () =>
    showing(trouble, async () => {
      await write('PUT', `/classes/${id}`, bodyOf(inputs), { 'If-Match': `"${values.version}"` });
      rerender(t('form.saved'));
    });
  const publish = () =>
    showing(trouble, async () => {
      await write('POST', `/classes/${id}/publish`);
      rerender(t('form.published'));
    });
  const draft = values.state === undefined || values.state === 'draft';
  const form = formOf(inputs, trouble, save, [draft && button(t('publish'), publish, { class: 'quiet', testid: 'publish' })]);
  const side = values.state && badge(tOf('state', values.state));
  return h('div', {}, heading(t('edit'), { back: '#/staff', side }), h('h2', {}, titleOf(values)), h('p', { class: 'hint' }, t('form.version', { version: values.version ?? '–' })), form);
}

/** A new class starts as a copy of one the organisation already has: term, school and place are then right. */
export async function newView({ params: [organisation], signal }) {
  const [{ items }, fields] = await Promise.all([mine(`/organisations/${organisation}/classes`, { limit: 1 }, signal), bodyFields('post', '/api/v1/classes')]);
  const pattern = items.length > 0 ? await mine(`/classes/${items[0].id}/edit`, {}, signal) : {};
  const trouble = h('div', { 'aria-live': 'polite' });
  const inputs = inputsFor(fields, { ...(fields && { organisation }), ...pattern, title: '', titleEn: '', code: '' });
  const keyOf = keyPerBody();
  const create = () =>
    showing(trouble, async () => {
      const body = bodyOf(inputs);
      const made = await write('POST', '/classes', body, { 'Idempotency-Key': keyOf(body) });
      location.hash = `#/edit/${made.id}`;
    });
  return h('div', {}, heading(t('staff.new'), { back: `#/staff/${organisation}` }), items.length > 0 && h('p', { class: 'hint' }, t('form.copied', { title: titleOf(items[0]) })), formOf(inputs, trouble, create, []));
}

function inputsFor(fields, values) {
  return (fields ?? guessedFields(values)).filter(({ name, readOnly }) => !readOnly && !ITS_OWN.includes(name)).map((field) => inputFor(field, values[field.name] ?? undefined));
}

function bodyOf(inputs) {
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value()]).filter(([, value]) => value !== undefined));
}

function formOf(inputs, trouble, save, extra) {
  const press = button(t('save'), () => (form.reportValidity() ? save() : undefined), { class: 'primary', testid: 'save' });
  const form = h('form', { class: 'editor', testid: 'editor', onsubmit: (event) => event.preventDefault() });
  return put(form, inputs.map(({ node }) => node), trouble, h('div', { class: 'actions sticky' }, press, extra));
}

// Pressed again after a lost answer it is the same request; after a correction it is another.
function keyPerBody() {
  const keys = new Map();
  return (body) => {
    const text = JSON.stringify(body);
    if (!keys.has(text)) keys.set(text, idempotencyKey());
    return keys.get(text);
  };
}
