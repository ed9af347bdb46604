// Appends the lines of a log as they are printed.
(() => {
  const most = 2000;
  const log = document.getElementById('log');
  if (!log) return;
  const isNewestFirst = log.classList.contains('newest');
  const pause = document.getElementById('pause');
  let waiting = [], left = 0, isPaused = false;

  const isAtEnd = () => isNewestFirst ? log.scrollTop < 40 : log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const toEnd = () => { log.scrollTop = isNewestFirst ? 0 : log.scrollHeight; };

  // Lines arrive in batches, so the page is laid out once per batch.
  function show() {
    const follows = isAtEnd();
    const lines = document.createElement('template');
    if (left) waiting.unshift(`<div class="left">${left} lines are left out here; Download has them.</div>`);
    lines.innerHTML = waiting.join('');
    [waiting, left] = [[], 0];
    document.getElementById('nothing')?.remove();
    if (isNewestFirst) log.prepend(...[...lines.content.children].reverse());
    else log.append(lines.content);
    for (let over = log.childElementCount - most; over > 0; over--) (isNewestFirst ? log.lastElementChild : log.firstElementChild).remove();
    if (follows) toEnd();
  }

  log.addEventListener('lines', event => {
    waiting.push(...event.detail.split('\n'));
    // While the log is paused, only as many lines are kept as the page can show.
    const over = waiting.length - most;
    if (over > 0) {
      waiting.splice(0, over);
      left += over;
    }
    if (isPaused) pause.textContent = 'Continue (new lines)';
    else show();
  });

  pause.hidden = false;
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', isPaused);
    pause.textContent = isPaused ? 'Continue' : 'Pause';
    if (!isPaused && waiting.length) show();
  });
  toEnd();
})();
