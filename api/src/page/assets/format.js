// How things are written for people: money from fen, instants in the city's own time zone.

import { locale, language, t } from './i18n.js';

const ZONE = 'Asia/Shanghai';

function part(value, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }).format(value);
}

/** ¥199, ¥9.90, or the word for free. */
export function money(fen) {
  if (fen === null || fen === undefined) return '';
  if (fen === 0) return t('free');
  return fen % 100 === 0 ? `¥${fen / 100}` : `¥${(fen / 100).toFixed(2)}`;
}

/** 2月20日周六 10:00 / Sat, 20 Feb, 10:00. */
export function instant(text) {
  const value = new Date(text);
  return Number.isNaN(value.getTime()) ? '' : `${day(value)} ${clockTime(value)}`;
}

/** 10:00 in Shanghai. */
export function clockTime(value) {
  return part(new Date(value), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function day(value) {
  const options = language() === 'zh' ? { month: 'long', day: 'numeric' } : { day: 'numeric', month: 'short', weekday: 'short' };
  return part(value, options) + (language() === 'zh' ? ` ${part(value, { weekday: 'short' })}` : '');
}

/** A calendar date `2027-03-20`, short: 3月20日 / 20 Mar. */
export function date(text) {
  const value = new Date(`${text}T12:00:00+08:00`);
  return Number.isNaN(value.getTime()) ? '' : part(value, { month: language() === 'zh' ? 'long' : 'short', day: 'numeric' });
}

/** From–to on one day: 3月20日 周六 19:00–20:30. */
export function span(startsAt, endsAt) {
  return endsAt ? `${instant(startsAt)}–${clockTime(endsAt)}` : instant(startsAt);
}

/** The line of a class's time. The server's own line is Chinese; English is made from the fields. */
export function classTime({ timeText, weekday, startTime, endTime, firstLessonOn, lastLessonOn }) {
  if (language() === 'zh' && timeText) return timeText;
  if (!weekday || !startTime) return timeText ?? '';
  const hours = [startTime, endTime].filter(Boolean).map((time) => time.slice(0, 5)).join('–');
  const dates = [firstLessonOn, lastLessonOn].filter(Boolean).map(date).join(' – ');
  return [`${t(`weekday.${weekday}`)} ${hours}`, dates].filter(Boolean).join(language() === 'zh' ? ' · ' : ', ');
}

/** Time to go: "3 天 4 小时", "2 小时 5 分", "09:58". */
export function remaining(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) return t('remaining.days', { days, hours });
  if (hours > 0) return t('remaining.hours', { hours, minutes });
  return `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}
