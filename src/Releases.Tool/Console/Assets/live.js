// What is live on a page. Everything else works without this file.
'use strict';
(() => {
  const pause = 3000;
  const root = document.getElementById('page');
  const live = document.getElementById('live');
  const offline = document.getElementById('offline');
  const reconnecting = offline?.textContent;

  // Why, where it is known, is not overwritten by the news that it tries again.
  let isLost = false;
  function isOffline(why) {
    if (!offline) return;
    isLost = !why;
    if (why || offline.hidden) offline.textContent = why || reconnecting;
    offline.hidden = false;
  }

  function isOnline() {
    isLost = false;
    if (offline) offline.hidden = true;
  }

  const keyOf = node => node.nodeType === Node.ELEMENT_NODE
    ? node.id || node.dataset.key || node.getAttribute('formaction') || (node.localName === 'form' ? node.getAttribute('action') : '') : '';
  const isSame = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
  const ownerOf = node => node.closest('[data-of]')?.dataset.of;
  const stays = node => node.nodeType === Node.ELEMENT_NODE && node.dataset.keep !== undefined;

  // Makes one tree of another and keeps its nodes, so that focus, text that is being typed, and scrolling stay where they are.
  function morph(old, now) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== now.data) old.data = now.data;
      return;
    }
    if (stays(old) && ownerOf(old) === ownerOf(now)) return;
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && !(name === 'open' && old.localName === 'details')) old.removeAttribute(name);
    }
    for (const { name, value } of now.attributes) {
      if (!(name === 'hidden' && old.dataset.copy) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }

    const isKeyed = [...old.children, ...now.children].some(keyOf);
    const [ours, theirs] = isKeyed ? [[...old.children], [...now.children]] : [[...old.childNodes], [...now.childNodes]];
    const wanted = new Set(theirs.map(keyOf));
    const left = ours.filter(node => !keyOf(node) || wanted.has(keyOf(node)) || stays(node) || (node.remove(), false));
    for (const fresh of theirs) {
      // Whatever stays is passed by rather than moved: a node that is moved loses the focus.
      while (left.length && stays(left[0]) && !wanted.has(keyOf(left[0]))) left.shift();
      const at = left.findIndex(node => isSame(node, fresh));
      if (at < 0 || (at > 0 && !keyOf(fresh))) {
        old.insertBefore(fresh, left[0] ?? null);
        continue;
      }
      const [match] = left.splice(at, 1);
      if (at > 0) old.insertBefore(match, left[0]);
      morph(match, fresh);
    }
    for (const node of left) if (!stays(node)) node.remove();
  }

  // While a promotion runs no other can begin, whatever the rest of the page still shows.
  function allowOnlyOne() {
    if (!live?.querySelector('.progress.running')) return;
    for (const begins of document.querySelectorAll('[data-begins]')) {
      if (begins.localName === 'button') begins.disabled = true;
      else {
        begins.removeAttribute('href');
        begins.setAttribute('aria-disabled', 'true');
      }
    }
  }

  // The page of a promotion and what is live above it show the same one once it has ended.
  function onlyOnce() {
    const own = document.querySelector('#promotion .progress');
    if (own) own.hidden = live.querySelector('.progress')?.dataset.promotion === own.dataset.promotion;
  }

  // Changes the page. Where what had the focus is gone or disabled by that, the focus goes to what is left of its row.
  function update(change) {
    const focused = document.activeElement;
    const row = focused?.closest('tr, [data-key]');
    change();
    allowOnlyOne();
    onlyOnce();
    dock();
    tick();
    if (!focused || focused === document.body || (focused.isConnected && !focused.disabled && !focused.matches('a:not([href])'))) return;
    const left = row?.isConnected ? row.querySelector('a[href], button:not(:disabled)') : undefined;
    (left ?? document.getElementById('main')).focus({ preventScroll: true });
  }

  // The page without what it shows only once.
  function here() {
    const url = new URL(location.href);
    for (const once of ['error', 'message']) url.searchParams.delete(once);
    return url;
  }

  // Brings the page to what the server shows now. One that is asked for while another is on its way follows it.
  let fetching = false, again = false, retry, isListening = !live;
  async function refresh() {
    if (document.hidden) return;
    if (fetching) {
      again = true;
      return;
    }
    fetching = true;
    clearTimeout(retry);
    try {
      const answer = await fetch(here(), { credentials: 'same-origin', headers: { 'X-Console-Refresh': '1' } });
      // What the page is about is gone, and only a page that says so is true.
      if (answer.status === 404) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById('page');
      const problem = page.querySelector('[data-problem]')?.textContent.replace(/\s+/g, ' ').trim();
      if (!answer.ok || !fresh) return isOffline(problem);
      if (isListening) isOnline();
      isAt(page);
      update(() => {
        for (const part of [root, document.getElementById('hold')]) {
          const now = part && page.getElementById(part.id);
          if (now) morph(part, document.adoptNode(now));
        }
      });
    } catch {
      isOffline();
      retry = setTimeout(refresh, pause);
    } finally {
      fetching = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  // What appears on a page that is open is docked to the window's edge, so that nothing moves under somebody's fingers.
  const dockable = document.getElementById('now');
  const wasThere = !!dockable?.querySelector('.progress, .note');
  function dock() {
    if (!dockable || wasThere) return;
    dockable.classList.toggle('docked', !!dockable.querySelector('.progress, #hold .note'));
    document.documentElement.style.setProperty('--dock', dockable.classList.contains('docked') ? dockable.offsetHeight + 'px' : '0px');
  }

  // Times pass on an open page too, by the server's clock.
  const units = [
    ['year', 31104000], ['month', 2592000], ['week', 604800], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1],
  ];
  let ahead = 0;
  const isAt = page => { ahead = new Date(page.body.dataset.now) - Date.now() || 0; };
  const secondsSince = time => Math.floor((Date.now() + ahead - new Date(time)) / 1000);
  function ago(seconds) {
    const [unit, length] = units.find(([, length]) => seconds >= length) ?? [];
    const number = unit && Math.floor(seconds / length);
    return unit ? `${number} ${unit}${number === 1 ? '' : 's'} ago` : 'now';
  }
  function elapsed(seconds) {
    const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'm'], [seconds % 60, 's']].filter(([number]) => number > 0);
    return parts.map(([number, unit]) => number + unit).join(' ') || '0s';
  }
  function tick() {
    for (const time of document.querySelectorAll('time[datetime]')) {
      const text = (time.dataset.elapsed === undefined ? ago : elapsed)(Math.max(0, secondsSince(time.dateTime)));
      if (time.textContent !== text) time.textContent = text;
    }
  }
  isAt(document);
  setInterval(tick, 1000);

  // The window's title and icon have the state too, for whoever looks at another one.
  function tellState() {
    const card = live.querySelector('.progress');
    const title = (card?.dataset.state ?? '') + document.body.dataset.title;
    if (document.title !== title) document.title = title;
    const icon = `/assets/icon${card ? `-${card.dataset.icon}` : ''}.svg`;
    const link = document.getElementById('icon');
    if (link.getAttribute('href') !== icon) link.setAttribute('href', icon);
  }

  // The state of a promotion in words, without its id, which nobody listens to.
  const stateOf = card => card?.querySelector('.state')?.textContent.replace(/Promotion P\w+/, '').replace(/\s+/g, ' ').trim() ?? '';

  // How a rollout ended, until somebody has seen it.
  function notify(card) {
    const notice = document.getElementById('notice');
    notice.textContent = stateOf(card) + ' ';
    notice.className = `note ${card.dataset.icon}`;
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => { notice.hidden = true; });
    notice.append(close);
    notice.hidden = false;
  }

  let promotion, reached;
  function show(html) {
    const fresh = document.createElement('div');
    fresh.id = 'live';
    fresh.innerHTML = html;
    for (const { name, value } of live.attributes) fresh.setAttribute(name, value);
    const before = live.querySelector('.progress');
    const wasRunning = before?.classList.contains('running') && before.dataset.promotion;
    update(() => morph(live, fresh));
    tellState();
    const after = live.querySelector('.progress');
    if (wasRunning && after && !after.classList.contains('running') && after.dataset.promotion === wasRunning) notify(after);
    // Whoever listens rather than looks hears what changed and not every second that passes.
    const said = document.getElementById('said');
    const state = stateOf(after);
    if (said.textContent !== state) said.textContent = state;
  }

  // One stream a page, open only while the page is seen: browsers keep few connections to a host, for all their windows together.
  function stream() {
    let source, timer, wasOpen = false, asksAgain = false;
    const address = () => {
      const url = new URL(live.dataset.live, location.href);
      if (promotion) url.searchParams.set('promotion', promotion);
      if (reached) url.searchParams.set('log', reached);
      return url;
    };
    const handlers = {
      live: event => {
        promotion = event.lastEventId.split('/')[0] || promotion;
        show(event.data);
      },
      changed: refresh,
      lines: event => {
        reached = event.lastEventId.split('/')[1] || reached;
        document.getElementById('log')?.dispatchEvent(new CustomEvent('lines', { detail: event.data }));
      },
      // There are more windows than streams for them: this one is told, and asks again in a while.
      again: () => { asksAgain = true; },
    };
    const open = () => {
      clearTimeout(timer);
      if (source || document.hidden) return;
      source = new EventSource(address());
      for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, handle);
      source.onopen = () => {
        isListening = true;
        isOnline();
        asksAgain = false;
        if (wasOpen) refresh();
        wasOpen = true;
      };
      source.onerror = () => {
        isListening = asksAgain;
        if (!asksAgain) isOffline();
        if (source.readyState !== EventSource.CLOSED) return;
        // The stream was answered with a refusal, which only a page tells in words.
        close();
        refresh();
        timer = setTimeout(open, pause);
      };
    };
    const close = () => { if (source) { source.close(); source = undefined; } };
    document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
    addEventListener('pagehide', close);
    addEventListener('pageshow', open);
    open();
  }

  // A press may travel for a while. While nothing answers, it would lead to the browser's own page, and what was typed would be lost.
  document.addEventListener('submit', event => {
    if (isLost && event.target.method === 'post') event.preventDefault();
    else event.submitter?.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => document.querySelectorAll('[aria-busy]').forEach(button => button.removeAttribute('aria-busy')));

  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-copy]');
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });

  if (live) stream();
  const every = document.querySelector('[data-every]');
  if (Number(every?.dataset.every)) setInterval(refresh, every.dataset.every * 1000);
})();
