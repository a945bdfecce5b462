// One input per field of a body, and the value back out of it in JSON's own types.

import { h } from './dom.js';
import { t, tOf } from './i18n.js';
import { kindOfValue } from './schema.js';

const LONG = /description|text|notes|introduction/i;
const LONG_FROM = 60;

/** `{node, value(): JSON value or undefined, focus()}`. `value` throws a RangeError where nothing can be made of what was typed. */
export function inputFor(field, value) {
  const kind = field.kind === 'string' && value ? refined(value) : field.kind;
  const input = build(kind, field, value);
  input.dataset.testid = `field-${field.name}`;
  input.required = field.required && kind !== 'boolean' && kind !== 'list';
  const label = h('label', { class: kind === 'boolean' ? 'field check' : 'field' }, h('span', {}, tOf('field', field.name), ' ', h('code', {}, field.name)), input, field.text && h('small', {}, field.text));
  return { name: field.name, node: label, value: () => parse(kind, field, input) };
}

function refined(value) {
  const seen = kindOfValue(value);
  return ['instant', 'date', 'time'].includes(seen) ? seen : 'string';
}

function build(kind, field, value) {
  switch (kind) {
    case 'boolean':
      return h('input', { type: 'checkbox', checked: Boolean(value) });
    case 'integer':
    case 'number':
      return h('input', { type: 'number', inputmode: 'decimal', step: kind === 'integer' ? 1 : 'any', min: field.min, max: field.max, value: value ?? '' });
    case 'enum':
      return select(field, value);
    case 'date':
      return h('input', { type: 'date', value: value ?? '' });
    case 'time':
      return h('input', { type: 'time', value: (value ?? '').slice(0, 5) });
    case 'instant':
      return h('input', { type: 'datetime-local', step: 1, value: value ? toShanghai(value) : '' });
    case 'list':
      return h('textarea', { rows: 2, value: (value ?? []).join('\n'), placeholder: t('form.perLine') });
    case 'json':
      return h('textarea', { rows: 3, class: 'mono', spellcheck: 'false', value: value === undefined || value === null ? '' : JSON.stringify(value, null, 1) });
    default:
      return LONG.test(field.name) || (value ?? '').length > LONG_FROM
        ? h('textarea', { rows: 4, maxlength: field.maxLength, value: value ?? '' })
        : h('input', { type: 'text', maxlength: field.maxLength, value: value ?? '' });
  }
}

function select(field, value) {
  const options = field.values.map((one) => h('option', { value: one }, tOf(field.name, one)));
  if (!field.required || field.nullable) options.unshift(h('option', { value: '' }, '–'));
  const node = h('select', {}, options);
  node.value = value ?? '';
  return node;
}

function parse(kind, field, input) {
  if (kind === 'boolean') return input.checked;
  const text = input.value.trim();
  if (kind === 'list') return text === '' ? [] : text.split(/[\n;；]/).map((line) => line.trim()).filter(Boolean);
  // Nothing: null where that is a value, left out where it is not.
  if (text === '') return field.nullable ? null : undefined;
  if (kind === 'integer' || kind === 'number') return Number(text);
  if (kind === 'instant') return `${text.length === 16 ? `${text}:00` : text}+08:00`;
  if (kind !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError(t('form.badJson', { name: field.name }));
  }
}

/** An instant as the wall clock of the city, for an input that knows no zones. */
function toShanghai(text) {
  return new Date(Date.parse(text) + 8 * 3_600_000).toISOString().slice(0, 19);
}
