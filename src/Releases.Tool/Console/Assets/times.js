// Keeps relative times on an open page current, by the server's clock.
const times = (() => {
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
    const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'm'], [seconds % 60, 's']];
    return parts.filter(([number]) => number > 0).map(([number, unit]) => number + unit).join(' ') || '0s';
  }
  function tick() {
    for (const time of document.querySelectorAll('time[datetime]')) {
      const text = (time.dataset.elapsed === undefined ? ago : elapsed)(Math.max(0, secondsSince(time.dateTime)));
      if (time.textContent !== text) time.textContent = text;
    }
  }
  isAt(document);
  setInterval(tick, 1000);
  return { isAt, tick };
})();
