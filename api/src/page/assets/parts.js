// Small pieces that several screens show: problems, badges, facts, empty states, downloads.

import { download } from './api.js';
import { h, put } from './dom.js';
import { t } from './i18n.js';
import { icon } from './icons.js';

/** A refusal as the server words it: title, what to do, each field's error, and the stable code. */
export function problemBox(problem, retry) {
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => h('li', {}, pointer && h('code', {}, pointer), ' ', detail));
  const missing = (problem.missing ?? []).map(({ rule, text, fix }) => h('li', {}, text ?? rule, fix && ` · ${fix}`));
  const code = [problem.code, problem.requestId].filter(Boolean).join(' · ');
  return h(
    'div',
    { class: 'problem', role: 'alert', testid: 'problem', 'data-code': problem.code ?? 'page' },
    h('strong', {}, problem.title ?? problem.message),
    problem.detail && h('p', {}, problem.detail),
    fields.length + missing.length > 0 && h('ul', {}, fields, missing),
    problem.status === 401 && h('p', {}, h('a', { href: '#/' }, t('sign.in'))),
    retry && h('button', { type: 'button', class: 'quiet', onclick: retry }, t('again')),
    h('small', {}, code),
  );
}

/** Runs `action`; what it throws is shown in `place` instead of being lost. */
export async function showing(place, action) {
  put(place);
  try {
    return await action();
  } catch (problem) {
    if (problem.name !== 'AbortError') {
      put(place, problemBox(problem));
      place.scrollIntoView?.({ block: 'nearest' });
    }
    return undefined;
  }
}

export function badge(text, tone) {
  return text ? h('span', { class: 'badge', 'data-tone': tone }, text) : null;
}

/** `[label, value]` pairs; those without a value are left out. */
export function facts(pairs) {
  const rows = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  return rows.length > 0 && h('dl', { class: 'facts' }, rows.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
}

export function empty(text, hint, ...more) {
  return h('div', { class: 'empty' }, h('p', {}, text), hint && h('small', {}, hint), ...more);
}

/** Grey lines while something is on its way. */
export function loading(rows = 3) {
  return h('div', { class: 'loading', 'aria-label': t('loading'), role: 'status' }, Array.from({ length: rows }, () => h('span')));
}

/** The way back, and what one looks at. */
export function heading(title, { back, side } = {}) {
  return h(
    'div',
    { class: 'heading' },
    back && h('a', { class: 'back', href: back, 'aria-label': t('back') }, icon('back')),
    h('h1', {}, title),
    side && h('div', { class: 'side' }, side),
  );
}

/** The tile that stands for a picture: the category's character on its colour. */
export function tile(thing, large) {
  const glyph = t(`glyph.${thing.category}`);
  const node = h('div', { class: large ? 'tile large' : 'tile', 'data-category': thing.category, 'aria-hidden': 'true' }, glyph.startsWith('glyph.') ? t('glyph') : glyph);
  if (typeof thing.cover === 'string' && thing.cover) {
    const picture = h('img', { src: thing.cover, alt: '', loading: 'lazy', onerror: () => picture.remove() });
    node.append(picture);
  }
  return node;
}

/** Fetches a file with the person's token and hands it to the browser. */
export async function save(path, fallbackName) {
  const { blob, name } = await download(path, fallbackName);
  const address = URL.createObjectURL(blob);
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(address);
}
