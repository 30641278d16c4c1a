// SPDX-License-Identifier: MIT
'use strict';
/* Shared by the scripts of all pages: elements, colours of the style, charts. */
const chaos = (function () {
  const byId = (id) => document.getElementById(id);
  const tone = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  function make(name, text, className) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  /* Options of all charts. */
  function look(colours) {
    return {
      colors: colours.map(tone), gridLineColor: tone('line'), axisLineColor: tone('faint'),
      axisLabelFontSize: 12, xAxisHeight: 24, xRangePad: 6, yRangePad: 6, rightGap: 16,
      strokeWidth: 1.5,
      legend: 'onmouseover', connectSeparatedPoints: true, animatedZooms: false,
      highlightCircleSize: 4,
    };
  }
  if (window.matchMedia)
    window.matchMedia('(prefers-color-scheme: dark)')
      .addEventListener('change', () => location.reload());

  /* Adds buttons that move several charts with a common time axis together,
   * between `first` and `last`.  Returns a function that does so. */
  function steer(tools, charts, first, last) {
    const show = (from, to, except) => charts.forEach((graph) => {
      if (graph !== except) graph.updateOptions({ dateWindow: [from, to] });
    });
    const moves = {
      'Zoom in': (from, to) => [from + (to - from) / 4, to - (to - from) / 4],
      'Zoom out': (from, to) => [from - (to - from) / 2, to + (to - from) / 2],
      '← Earlier': (from, to) => [from - (to - from) / 2, to - (to - from) / 2],
      'Later →': (from, to) => [from + (to - from) / 2, to + (to - from) / 2],
      'Whole run': () => [first, last],
    };
    Object.entries(moves).forEach(([name, move]) => {
      const button = make('button', name);
      button.type = 'button';
      button.addEventListener('click', () => {
        let [from, to] = move(...charts[0].xAxisRange());
        if (to - from > last - first) [from, to] = [first, last];
        if (from < first) [from, to] = [first, first + to - from];
        if (to > last) [from, to] = [from - (to - last), last];
        show(from, to, null);
      });
      tools.append(button);
    });
    return show;
  }

  return { byId, tone, make, look, steer };
})();
