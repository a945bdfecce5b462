// The reader's language: zh-CN first, English on demand. Kept for the tab only.

import { words } from './words.js';

const KEY = 'cq.lang';
let lang = sessionStorage.getItem(KEY) === 'en' ? 'en' : 'zh';

/** `zh` or `en`. */
export function language() {
  return lang;
}

/** The value of `Accept-Language`, and of the document's `lang`. */
export function locale() {
  return lang === 'zh' ? 'zh-CN' : 'en';
}

export function toggleLanguage() {
  lang = lang === 'zh' ? 'en' : 'zh';
  sessionStorage.setItem(KEY, lang);
}

/** The words of `key`; `{name}` is replaced by `values.name`. An unknown key shows itself, so that it is noticed. */
export function t(key, values = {}) {
  const pair = words[key];
  if (!pair) return key;
  return pair[lang === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** The words of `group.value`, or the value itself where the server knows more than this page. */
export function tOf(group, value) {
  return words[`${group}.${value}`] ? t(`${group}.${value}`) : String(value ?? '');
}

/** A thing's title in the reader's language, where it carries both. */
export function titleOf(thing) {
  return (lang === 'en' && (thing?.titleEn || thing?.nameEn)) || thing?.title || thing?.name || '';
}
