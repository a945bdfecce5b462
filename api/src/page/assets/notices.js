// What the person was told.

import { mine, write } from './api.js';
import { button, h, put } from './dom.js';
import { instant } from './format.js';
import { t } from './i18n.js';
import { empty, heading, showing } from './parts.js';

export async function noticesView({ signal, rerender, refreshUnread }) {
  const { items, unread, unreadCount } = await mine('/me/notices', { limit: 50 }, signal);
  const trouble = h('div');
  const fresh = unread ?? unreadCount ?? items.filter((notice) => !isRead(notice)).length;
  const readAll = () =>
    showing(trouble, async () => {
      await write('POST', '/me/notices/read', { upTo: items[0].id });
      refreshUnread();
      rerender();
    });
  const side = fresh > 0 && items.length > 0 && button(t('notices.read'), readAll, { class: 'quiet', testid: 'read-notices' });
  const list = h('section', { class: 'list', testid: 'notices' });
  put(list, items.length > 0 ? items.map(noticeCard) : empty(t('notices.none'), t('notices.noneHint')));
  return h('div', {}, heading(t('notices.title'), { side }), trouble, list);
}

function isRead({ read, readAt }) {
  return Boolean(read ?? readAt);
}

function noticeCard(notice) {
  const text = notice.text ?? notice.body ?? notice.detail;
  const subject = notice.subject?.id ?? notice.subject;
  const link = typeof subject === 'string' && subject.startsWith('cls_') && `#/classes/${subject}`;
  return h(
    link ? 'a' : 'article',
    { class: 'card notice', href: link, testid: 'notice', 'data-read': String(isRead(notice)) },
    h('div', { class: 'top' }, h('h3', {}, notice.title ?? text), h('small', {}, notice.createdAt && instant(notice.createdAt))),
    notice.title && text && h('p', {}, text),
  );
}
