// SPDX-License-Identifier: MIT
'use strict';
(function () {
  const { byId, make } = chaos;
  const plots = JSON.parse(byId('plots').textContent);
  const colour = (i) => 'c' + i % 8;
  const round = (x) => +Number(x).toPrecision(4);
  const count = (x) => round(x).toLocaleString('en', { maximumFractionDigits: 4 });

  /* Merges lines into rows [x, y of line 0, y of line 1, ...]; null where a line
   * has no point. */
  function rowsOf(lines) {
    const rows = new Map();
    lines.forEach((line, i) => line.points.forEach(([x, y]) => {
      if (!rows.has(x)) rows.set(x, new Array(lines.length).fill(null));
      rows.get(x)[i] = y;
    }));
    return [...rows].sort((a, b) => a[0] - b[0]).map(([x, ys]) => [x, ...ys]);
  }
  /* A measured line and its prediction have the same colour. */
  function coloursOf(lines) {
    const names = [...new Set(lines.map((line) => line.name))];
    return lines.map((line) => colour(names.indexOf(line.name)));
  }
  const labelOf = (line) => line.name + (line.predicted ? ', predicted' : '');

  /* The range of coordinate `part` (0: x, 1: y) of all points, extended by the
   * share `margin` on both sides.  A linear y axis includes 0. */
  function rangeOf(lines, part, log, margin) {
    const values = lines.flatMap((line) => line.points.map((point) => point[part]))
      .filter((value) => !log || value > 0);
    let min = Math.min(...values), max = Math.max(...values);
    if (log) {
      const factor = Math.pow(max / min, margin) * (max > min ? 1 : 2);
      return [min / factor, max * factor];
    }
    if (part === 1) [min, max] = [Math.min(0, min), Math.max(0, max)];
    const extra = (max - min || 1) * margin;
    return [part === 1 && min === 0 ? 0 : min - extra, max + extra];
  }

  function explain(figure, plot, colours) {
    const caption = make('figcaption');
    plot.lines.forEach((line, i) => {
      if (line.predicted) return;
      const key = make('span', undefined, 'key');
      key.style.background = `var(--${colours[i]})`;
      const entry = make('span', undefined, 'entry');
      entry.append(key, line.name);
      caption.append(entry, ' ');
    });
    if (plot.lines.some((line) => line.predicted))
      caption.append(make('span', undefined, 'dashes'), 'predicted');
    if (plot.kind === 'series') caption.append(make('span', 'Drag to zoom.', 'hint'));
    figure.append(caption);
  }

  function draw(figure, plot) {
    const series = plot.kind === 'series', log = plot.log || '';
    const rows = rowsOf(plot.lines), colours = coloursOf(plot.lines);
    const place = make('div', undefined, 'chart');
    const tools = make('div', undefined, 'tools');
    figure.append(make('span', plot.y_label, 'axis'), place);
    if (!series) figure.append(make('span', plot.x_label, 'axis x'));
    explain(figure, plot, colours);
    if (series) figure.append(tools);
    const styles = {};
    plot.lines.forEach((line) => {
      styles[labelOf(line)] = line.predicted
        ? { strokePattern: [7, 5], strokeWidth: 1.5, drawPoints: false }
        : { drawPoints: !series, pointSize: 4, strokeWidth: series ? 1.5 : 2 };
    });
    const x = { axisLabelFormatter: (v) => v < 0 ? '' : count(v) + (series ? ' s' : ''),
                valueFormatter: (v) => `${count(v)} ${plot.x_label}`, logscale: log.includes('x'),
                pixelsPerLabel: 45 };
    if (!series && rows.length <= 16)
      x.ticker = () => rows.map((row) => ({ v: row[0], label: count(row[0]) }));
    const graph = new Dygraph(place, rows, Object.assign(chaos.look(colours), {
      labels: [plot.x_label || 'x', ...plot.lines.map(labelOf)], series: styles,
      valueRange: rangeOf(plot.lines, 1, log.includes('y'), 0.06), logscale: log.includes('y'),
      dateWindow: rangeOf(plot.lines, 0, log.includes('x'), series ? 0.01 : 0.03),
      xRangePad: 0, yRangePad: 0,
      stepPlot: series && plot.lines.every((line) => line.points.every(([, y]) => y % 1 === 0)),
      axes: { x, y: { axisLabelFormatter: count, valueFormatter: count, axisLabelWidth: 56 } },
    }));
    if (series) chaos.steer(tools, [graph], 0, rows[rows.length - 1][0]);
  }

  document.querySelectorAll('figure[data-plot]').forEach((figure) => {
    draw(figure, plots[Number(figure.dataset.plot)]);
  });
  document.body.dataset.drawn = 'yes';
})();
