// Live updates. Everything else works without this file.
(() => {
  const pause = 3000;
  // The server sends something at least every 15 seconds, and answers sooner.
  const [longestSilence, longestAnswer] = [40000, 20000];
  const notLive = 'Live updates aren’t available now. This page is read again every few seconds.';
  const [root, live, offline] = ['page', 'live', 'offline'].map(id => document.getElementById(id));
  const reconnecting = offline?.textContent;

  // A known reason isn't overwritten by the message that the page is reconnecting. Links in it open another window, so that what was
  // typed here stays until the page works again.
  function isOffline(why) {
    if (!offline) return;
    document.body.toggleAttribute('data-lost', !why || !!why.querySelector('a.button'));
    if (why ? why.textContent !== offline.textContent : offline.hidden || offline.textContent === notLive) offline.replaceChildren(...(why?.childNodes ?? [reconnecting]));
    for (const link of offline.querySelectorAll('a')) link.target = '_blank';
    offline.hidden = false;
  }

  function isOnline() {
    document.body.toggleAttribute('data-lost', false);
    if (offline) offline.hidden = true;
  }

  // While a promotion is running no other can begin, whatever the rest of the page still shows.
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

  // Once a promotion has ended, its own page and the live part above it would show it twice.
  function onlyOnce() {
    const own = document.querySelector('#promotion .progress');
    const above = live?.querySelector('.progress:not([hidden])');
    if (own) own.hidden = above?.dataset.promotion === own.dataset.promotion;
  }

  // Changes the page. If that removes or disables the focused element, the focus moves to what is left of its row.
  function update(change) {
    const focused = document.activeElement;
    const row = focused?.closest('tr, [data-key]');
    change();
    allowOnlyOne();
    dock();
    onlyOnce();
    times.tick();
    if (!focused || focused === document.body || (focused.isConnected && !focused.disabled && !focused.matches('a:not([href])'))) return;
    const left = row?.isConnected ? row.querySelector('a[href], button:not(:disabled)') : undefined;
    (left ?? document.getElementById('main')).focus({ preventScroll: true });
  }

  // The page's address without its one-time messages.
  function here() {
    const url = new URL(location.href);
    for (const once of ['error', 'message']) url.searchParams.delete(once);
    return url;
  }

  // After signing in again, forms that keep what was typed take the new session's token too.
  function renewForms(page) {
    const token = page.querySelector('[name=guard]')?.value;
    for (const field of document.querySelectorAll('[name=guard]')) if (token) field.value = token;
  }

  const isTyped = () => [...document.querySelectorAll('main input, main textarea')].some(field =>
    field.value !== field.defaultValue || (field.dataset.beside !== undefined && field.value));

  // Only the network's failures are a lost connection, which blocks the buttons. An error in these scripts is the browser's to report.
  async function ask() {
    // A confirmation states what it asks, so that it isn't updated to ask something else.
    const asked = document.querySelector('[data-asked]')?.dataset.asked;
    const headers = { 'X-Console-Refresh': '1', ...(asked && { 'X-Console-Asked': asked }) };
    try {
      const answer = await fetch(here(), { credentials: 'same-origin', headers, signal: AbortSignal.timeout(longestAnswer) });
      return { status: answer.status, isOk: answer.ok, text: await answer.text() };
    } catch {
      isOffline();
      retry = setTimeout(refresh, pause);
    }
  }

  function take(answer) {
    // The subject of the page is gone, so load the page that reports that.
    if (answer.status === 404) return location.reload();
    const page = new DOMParser().parseFromString(answer.text, 'text/html');
    const fresh = page.getElementById('page');
    if (!answer.isOk || !fresh) {
      // Without a session it stays so until somebody signs in.
      if (answer.status !== 401) retry = setTimeout(refresh, pause);
      return isOffline(page.querySelector('[data-problem]'));
    }
    if (isListening) isOnline();
    else if (isRefused) isOffline(Object.assign(document.createElement('p'), { textContent: notLive }));
    if (page.body.dataset.version !== document.body.dataset.version && !isTyped()) return location.reload();
    times.isAt(page);
    renewForms(page);
    update(() => {
      for (const part of [root, document.getElementById('hold'), document.getElementById('lock')]) {
        const now = part && page.getElementById(part.id);
        if (now) morph(part, document.adoptNode(now));
      }
    });
  }

  // Updates the page to the server's current state. A refresh requested during another one runs right after it.
  let fetching = false, again = false, retry, poll, isListening = !live, isRefused = false;
  async function refresh() {
    if (document.hidden) return;
    again ||= fetching;
    if (fetching) return;
    fetching = true;
    clearTimeout(retry);
    try {
      const answer = await ask();
      if (answer) take(answer);
    } finally {
      fetching = false;
      pollAgain();
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  // Figures that change without an event are read again after a while, for as long as the page says that they can change.
  function pollAgain() {
    clearTimeout(poll);
    const every = Number(document.querySelector('[data-every]')?.dataset.every);
    if (every > 0) poll = setTimeout(refresh, every * 1000);
  }

  // A promotion that appears on an open page is docked to the window's edge, so that nothing moves under the pointer. Once it has ended,
  // the notice shows it.
  const dockable = document.getElementById('now');
  const wasThere = !!dockable?.querySelector('.progress, .note');
  function dock() {
    if (!dockable || wasThere) return;
    const card = live.querySelector('.progress');
    if (card) card.hidden = !card.classList.contains('running');
    dockable.classList.toggle('docked', !!dockable.querySelector('.progress:not([hidden]), #hold .note'));
    makeRoom('--dock', dockable.classList.contains('docked') ? dockable : undefined);
  }

  // The page gets as much room at its end as what is fixed there covers.
  function makeRoom(name, by) {
    document.documentElement.style.setProperty(name, `${by?.offsetHeight ?? 0}px`);
  }

  // The window's title and icon show the state too, for people who are looking at another window.
  function tellState() {
    const card = live.querySelector('.progress');
    const title = (card?.dataset.state ?? '') + document.body.dataset.title;
    if (document.title !== title) document.title = title;
    const icon = `/assets/icon${card ? `-${card.dataset.icon}` : ''}.svg`;
    const link = document.getElementById('icon');
    if (link.getAttribute('href') !== icon) link.setAttribute('href', icon);
  }

  // The state of a promotion in words, without its id, for screen readers.
  const stateOf = card => card?.querySelector('.state')?.textContent.replace(/Promotion P\w+/, '').replace(/\s+/g, ' ').trim() ?? '';

  function showNotice(isShown) {
    const notice = document.getElementById('notice');
    notice.hidden = !isShown;
    makeRoom('--notice', isShown ? notice : undefined);
  }

  // Shows how a rollout ended until the user closes the notice.
  function notify(card) {
    const notice = document.getElementById('notice');
    notice.textContent = stateOf(card) + ' ';
    notice.className = `note ${['good', 'busy', 'bad'].find(tone => card.classList.contains(tone)) ?? ''}`;
    const details = card.querySelector('.state .more')?.cloneNode(true);
    if (details) notice.append(details, ' ');
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => showNotice(false));
    notice.append(close);
    showNotice(true);
  }

  let promotion, reached;
  function show(html) {
    const fresh = document.createElement('div');
    fresh.id = 'live';
    fresh.innerHTML = html;
    for (const { name, value } of live.attributes) fresh.setAttribute(name, value);
    const before = live.querySelector('.progress');
    const shown = before?.dataset.promotion;
    const wasRunning = before?.classList.contains('running') && shown;
    update(() => morph(live, fresh));
    tellState();
    const after = live.querySelector('.progress');
    // The end of one promotion is over once another one begins.
    if (after?.classList.contains('running')) showNotice(false);
    // One that is over before it was seen to run is in the notice too, because its card isn't docked.
    const hasEnded = after && !after.classList.contains('running');
    if (hasEnded && (after.dataset.promotion === wasRunning || (after.hidden && after.dataset.promotion !== shown))) notify(after);
    // Screen readers announce changes of state, not every second that passes.
    const said = document.getElementById('said');
    const state = stateOf(after);
    if (said.textContent !== state) said.textContent = state;
  }

  // Each page has at most one stream, because browsers limit the connections to a host across all their windows. A page that isn't visible
  // has one only while a promotion is running, which its title shows.
  function stream() {
    let source, timer, silence, wasOpen = false, asksAgain = false;
    const isResting = () => document.hidden && !live.querySelector('.progress.running');
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
        if (isResting()) close();
      },
      changed: refresh,
      lines: event => {
        reached = event.lastEventId.split('/')[1] || reached;
        document.getElementById('log')?.dispatchEvent(new CustomEvent('lines', { detail: event.data }));
      },
      // There are more windows than streams, so this one reconnects after a while instead of keeping its stream.
      again: () => { asksAgain = true; },
      alive: () => {},
    };
    // A connection may be dead without an error, such as after the machine slept.
    const hears = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        isListening = false;
        isOffline();
        close();
        open();
      }, longestSilence);
    };
    const open = () => {
      clearTimeout(timer);
      if (source || isResting()) return;
      source = new EventSource(address());
      hears();
      for (const [name, handle] of Object.entries(handlers)) {
        source.addEventListener(name, event => {
          hears();
          handle(event);
        });
      }
      source.onopen = () => {
        isListening = true;
        isRefused = asksAgain = false;
        isOnline();
        if (wasOpen) refresh();
        wasOpen = true;
      };
      source.onerror = () => {
        isListening = asksAgain;
        asksAgain = false;
        isRefused = source.readyState === EventSource.CLOSED;
        if (!isRefused) {
          if (!isListening) isOffline();
          return;
        }
        // Only a page explains why.
        close();
        refresh();
        timer = setTimeout(open, pause);
      };
    };
    const close = () => {
      clearTimeout(silence);
      source?.close();
      source = undefined;
    };
    document.addEventListener('visibilitychange', () => {
      if (isResting()) close();
      else if (source) refresh();
      else open();
    });
    addEventListener('pagehide', close);
    addEventListener('pageshow', open);
    open();
  }

  if (live) stream();
  document.addEventListener('visibilitychange', pollAgain);
  pollAgain();
})();
