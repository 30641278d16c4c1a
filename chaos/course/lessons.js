'use strict';
(function () {
  const { byId, make } = chaos;
  const plots = JSON.parse(byId('plots').textContent);
  const colour = (i) => 'c' + i % 8;
  const round = (x) => +Number(x).toPrecision(4);
  const count = (x) => round(x).toLocaleString('en', { maximumFractionDigits: 4 });

  /* Lines with points of their own, as rows of one table: x, then a column a
   * line; what a line has not got is null. */
  function rowsOf(lines) {
    const rows = new Map();
    lines.forEach((line, i) => line.points.forEach(([x, y]) => {
      if (!rows.has(x)) rows.set(x, new Array(lines.length).fill(null));
      rows.get(x)[i] = y;
    }));
    return [...rows].sort((a, b) => a[0] - b[0]).map(([x, ys]) => [x, ...ys]);
  }
  /* What was measured and what was predicted of it have the same colour. */
  function coloursOf(lines) {
    const names = [...new Set(lines.map((line) => line.name))];
    return lines.map((line) => colour(names.indexOf(line.name)));
  }
  const labelOf = (line) => line.name + (line.predicted ? ', predicted' : '');

  /* From the least to the most of all points' `part` (0: x, 1: y), and a little
   * room around them; 0 is within unless the axis is logarithmic. */
  function rangeOf(lines, part, log, room) {
    const values = lines.flatMap((line) => line.points.map((point) => point[part]))
      .filter((value) => !log || value > 0);
    let least = Math.min(...values), most = Math.max(...values);
    if (log) {
      const factor = Math.pow(most / least, room) * (most > least ? 1 : 2);
      return [least / factor, most * factor];
    }
    if (part === 1) [least, most] = [Math.min(0, least), Math.max(0, most)];
    const more = (most - least || 1) * room;
    return [part === 1 && least === 0 ? 0 : least - more, most + more];
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
    const plot = plots[Number(figure.dataset.plot)];
    if (chaos.drawable())
      draw(figure, plot);
    else
      figure.append(make('p', 'No chart: the library dygraphs (Debian: libjs-dygraphs) was ' +
        'not installed where this page was made. The table has the figures.', 'faint'));
  });
  document.body.dataset.drawn = 'yes';
})();
