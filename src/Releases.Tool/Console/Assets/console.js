// What is live on a page. Everything else works without this file.
'use strict';
(() => {
  const pause = 3000;
  const offline = document.getElementById('offline');
  const triesAgain = offline?.textContent;

  // Why, where it is known, is not overwritten by that it tries again.
  function isOffline(why) {
    if (!offline) return;
    if (why || offline.hidden) offline.textContent = why || triesAgain;
    offline.hidden = false;
  }

  // A stream that is only open while the page is seen: browsers keep few connections to one host, for all tabs together.
  function stream(address, events, again = () => {}) {
    let source, timer, wasOpen = false;
    const open = () => {
      clearTimeout(timer);
      if (source || document.hidden) return;
      source = new EventSource(address());
      for (const [name, handle] of Object.entries(events)) source.addEventListener(name, handle);
      source.onopen = () => {
        if (offline) offline.hidden = true;
        if (wasOpen) again();
        wasOpen = true;
      };
      source.onerror = () => {
        isOffline();
        if (source.readyState !== EventSource.CLOSED) return;
        // The stream was answered with a refusal, which only a page tells in words.
        close();
        again();
        timer = setTimeout(open, pause);
      };
    };
    const close = () => { if (source) { source.close(); source = undefined; } };
    document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
    addEventListener('pagehide', close);
    addEventListener('pageshow', open);
    open();
  }

  // The page of a promotion and what is live above it show the same one once it has ended.
  function onlyOnce() {
    const own = document.querySelector('#promotion .progress');
    if (own) own.hidden = document.querySelector('#live .progress')?.dataset.promotion === own.dataset.promotion;
  }

  // Replaces the parts of the page that show what may have changed, and leaves alone what somebody works in.
  let fetching = false;
  async function refresh() {
    if (fetching || document.hidden) return;
    fetching = true;
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!answer.ok) return isOffline(page.querySelector('.problem')?.textContent.replace(/\s+/g, ' ').trim());
      for (const part of document.querySelectorAll('[data-fresh]')) {
        const fresh = page.getElementById(part.id);
        if (fresh && fresh.innerHTML !== part.innerHTML && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(fresh));
      }
      onlyOnce();
    } catch {
      isOffline();
    } finally {
      fetching = false;
    }
  }

  const live = document.getElementById('live');
  if (live) {
    const said = document.getElementById('said');
    let last, isFirst = true;
    const show = html => {
      const fresh = document.createElement('div');
      fresh.innerHTML = html;
      const [old, now] = [live.querySelector('.buttons'), fresh.querySelector('.buttons')];
      // A button that somebody is about to press stays under their fingers.
      const focused = old?.contains(document.activeElement) && now?.children.length === old.children.length ? document.activeElement : undefined;
      if (focused) now.replaceWith(old);
      live.replaceChildren(...fresh.childNodes);
      focused?.focus();
      onlyOnce();
      // Whoever listens rather than looks hears what changed and not every second that passes.
      const state = live.querySelector('.state')?.textContent.replace(/\s+/g, ' ').trim() ?? '';
      if (said.textContent !== state) said.textContent = state;
    };
    const address = () => last ? live.dataset.live.split('?')[0] + '?promotion=' + last : live.dataset.live;
    stream(address, {
      live: event => {
        if (event.lastEventId) last = event.lastEventId;
        show(event.data);
        // What began or went on between the page and its stream.
        if (isFirst) refresh();
        isFirst = false;
      },
      changed: refresh,
    }, refresh);
  }
  const every = document.querySelector('[data-every]');
  if (every) setInterval(refresh, every.dataset.every * 1000);

  const log = document.getElementById('log');
  if (log) {
    const most = 2000;
    let last;
    const address = () => last ? log.dataset.log.replace(/after=[\d-]+/, 'after=' + last) : log.dataset.log;
    log.scrollTop = log.scrollHeight;
    stream(address, {
      message: event => {
        last = event.lastEventId;
        const [at, process, ...text] = event.data.split('\t');
        const follows = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
        const line = document.createElement('div');
        for (const [kind, content] of [['time', at], ['b', process], ['span', text.join('\t')]]) {
          const part = document.createElement(kind);
          part.textContent = content;
          line.append(part, ' ');
        }
        log.append(line);
        while (log.childElementCount > most) log.firstElementChild.remove();
        if (follows) log.scrollTop = log.scrollHeight;
      },
    });
  }
})();
