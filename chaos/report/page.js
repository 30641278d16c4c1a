// SPDX-License-Identifier: MIT
'use strict';
(function () {
  /* A member that the record does not have is an error, not undefined. */
  const strict = (value) => value === null || typeof value !== 'object' ? value
    : new Proxy(value, { get(object, key) {
      if (typeof key === 'string' && !(key in object))
        throw new Error(`the run record has no member "${key}"`);
      return strict(object[key]);
    } });
  const run = strict(JSON.parse(document.getElementById('run').textContent));
  const { byId, make } = chaos;
  const phases = [['baseline', 'before'], ['fault', 'with faults'], ['recovery', 'after']]
    .filter(([key]) => key in run.phases);
  const main = 'fault' in run.phases ? run.phases.fault
    : 'baseline' in run.phases ? run.phases.baseline : {};

  /* ---- Figures as text ----------------------------------------------------- */

  const count = (n) => Number(n || 0).toLocaleString('en');
  const share = (x) => x >= 1 ? '100 %' :
    (x > 0.99 ? (Math.floor(x * 1e5) / 1e3).toFixed(3) : (x * 100).toFixed(1)) + ' %';
  function time(us) {
    if (us === null) return 'none';
    if (us < 1000) return Math.round(us) + ' µs';
    if (us < 1e4) return (us / 1e3).toFixed(2) + ' ms';
    if (us < 1e6) return Math.round(us / 1e3) + ' ms';
    return (us / 1e6).toFixed(1) + ' s';
  }
  const timed = new Set(['p50', 'p99', 'p99.9', 'longest gap']);
  const inWords = (claim, value) => claim === 'availability' ? share(value)
    : timed.has(claim) ? time(value) : count(value);

  /* ---- Elements ------------------------------------------------------------ */

  /* A cell is a text, or [text, class]. */
  function table(id, head, rows) {
    const target = byId(id), thead = make('thead'), tbody = make('tbody');
    const line = (parent, cells, kind) => {
      const tr = make('tr');
      cells.forEach((cell, i) => {
        const [text, className] = Array.isArray(cell) ? cell : [cell];
        const td = make(i === 0 ? 'th' : kind, text, className);
        td.scope = kind === 'th' ? 'col' : i === 0 ? 'row' : '';
        if (!td.scope) td.removeAttribute('scope');
        tr.append(td);
      });
      parent.append(tr);
    };
    line(thead, head, 'th');
    rows.forEach((cells) => line(tbody, cells, 'td'));
    target.replaceChildren(thead, tbody);
  }
  const svgSpace = 'http://www.w3.org/2000/svg';
  function svg(name, attributes, text) {
    const element = document.createElementNS(svgSpace, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* ---- Head ------------------------------------------------------------------- */

  const machine = run.machine;
  byId('origin').textContent = `${run.started.replace('T', ' ').replace('Z', ' UTC')}, seed ` +
    `${run.seed}, ${machine.system} ${machine.release}, ${machine.processors} processors, ` +
    `chaos ${run.versions.chaos}`;
  const worker_stats = run.worker_stats;
  const hits = run.injections.filter((injection) => injection.result === 'hit');
  [['answered correctly', share(main.availability || 0)],
   ['requests', count(main.requests)],
   ...(main.retries ? [['retries', count(main.retries)], ['goodput', share(main.goodput)]] : []),
   ...(main.unproven ? [['of unknown length', count(main.unproven)]] : []),
   ['lost', count(main.lost)],
   ['injections that hit', count(hits.length)],
   ['killed with a request in progress', worker_stats.forks ? count(worker_stats.kills_busy) : 'unknown'],
   ['longest gap', time(main.longest_gap_us || 0)],
   ['latency p99', time(main.latency_us ? main.latency_us.p99 : null)],
  ].forEach(([name, value]) => {
    const item = make('li', name);
    item.prepend(make('b', value));
    byId('figures').append(item);
  });

  const claims = new Map();
  phases.forEach(([key], column) => run.phases[key].verdict.findings.forEach((finding) => {
    if (!claims.has(finding.claim))
      claims.set(finding.claim, [finding.claim, (finding.claim === 'availability' ? 'at least '
        : 'at most ') + inWords(finding.claim, finding.limit), ...phases.map(() => '')]);
    claims.get(finding.claim)[2 + column] = finding.held
      ? inWords(finding.claim, finding.measured) + ' ✓'
      : [inWords(finding.claim, finding.measured) + ' ✗', 'bad'];
  }));
  table('claims', ['claim', 'limit', ...phases.map(([, name]) => name)], [...claims.values()]);

  /* ---- Charts ------------------------------------------------------------------- */

  const series = run.series, step = series.step_us / 1e6;
  const times = series.ok.map((_, i) => i * step);
  const ends = [0, (times.length || 1) * step];
  const injected = hits.map((injection) => injection.at_us / 1e6);
  const charts = [];
  const show = chaos.steer(byId('tools'), charts, ...ends);

  /* The fault phase, and a line for each injection that hit. */
  function shade(context, area, graph) {
    if (!('fault' in run.phases)) return;
    const from = graph.toDomXCoord(run.phases.fault.from_us / 1e6);
    const to = graph.toDomXCoord(run.phases.fault.to_us / 1e6);
    const left = Math.max(from, area.x), right = Math.min(to, area.x + area.w);
    if (right <= left) return;
    context.fillStyle = chaos.tone('panel');
    context.fillRect(left, area.y, right - left, area.h);
    context.fillStyle = chaos.tone('bad');
    injected.map((at) => graph.toDomXCoord(at))
      .filter((x) => x >= area.x && x <= area.x + area.w)
      .forEach((x) => context.fillRect(x, area.y, 0.5, area.h));
  }
  function chart(id, columns, labels, colours, more) {
    const rows = times.map((t, i) => [t, ...columns.map((column) => column(i))]);
    const graph = new Dygraph(byId(id), rows, Object.assign(chaos.look(colours), {
      labels: ['s', ...labels], includeZero: true, underlayCallback: shade,
      axes: { x: { valueFormatter: (t) => t.toFixed(1) + ' s',
                   axisLabelFormatter: (t) => +t.toFixed(2) + ' s', pixelsPerLabel: 50 },
              y: { pixelsPerLabel: id === 'latency' ? 30 : 14, axisLabelFormatter: (y) => y < 0 ? '' : count(y) } },
      zoomCallback: (from, to) => show(from, to, graph),
    }, more));
    byId(id).dataset.injections = injected.join(' ');
    charts.push(graph);
  }
  const answered = (list) => (i) => series.ok[i] > 0 ? list[i] / 1e3 : null;
  function drawCharts() {
    const top = Math.max(1, ...series.max_us) / 1e3;
    chart('latency',
      [answered(series.p50_us), answered(series.p99_us), answered(series.max_us)],
      ['p50', 'p99', 'slowest'], ['p50', 'p99', 'slowest'],
      { series: { slowest: { strokeWidth: 1 } }, valueRange: [-top / 8, top * 1.05] });
    chart('throughput', [(i) => series.ok[i] / step, (i) => (series.lost[i] + series.errors[i]) / step],
      ['answered', 'lost'], ['ok', 'lost'], { stepPlot: true, fillGraph: true });
    if (series.live.some((n) => n > 0))
      chart('live', [(i) => series.live[i]], ['workers'], ['live'],
        { stepPlot: true, valueRange: [0, Math.max(...series.live) * 1.15] });
    else
      byId('live-figure').remove();
  }
  if (times.length > 1) {
    drawCharts();
  } else {
    byId('tools').replaceChildren(make('p', 'No charts: the run was too short.'));
    document.querySelectorAll('.chart').forEach((element) => element.closest('figure').remove());
  }
  /* ---- Lifetimes and slots --------------------------------------------------------- */

  function drawLifetimes() {
    const slots = [...new Set(run.workers.map((w) => w.slot))].sort((a, b) => a - b);
    if (slots.length === 0) {
      byId('lives-section').remove();
      return;
    }
    const left = 64, width = 1000, row = 22, height = slots.length * row + 20;
    const picture = svg('svg', { viewBox: `0 0 ${left + width + 4} ${height}`, role: 'img',
      'aria-label': `Lifetimes of ${run.workers.length} workers in ${slots.length} slots` });
    const x = (us) => left + Math.max(0, Math.min(1, us / 1e6 / ends[1])) * width;
    slots.forEach((slot, i) => picture.append(svg('text', { x: 0, y: i * row + 15 },
      slot < 0 ? 'spares' : 'slot ' + slot)));
    run.workers.forEach((worker) => {
      const end = worker.died_us < 0 ? ends[1] * 1e6 : worker.died_us;
      const colour = worker.died_us < 0 ? 'live' : !worker.signal ? 'own'
        : worker.injected ? 'killed' : 'void';
      const bar = svg('rect', { x: x(worker.born_us), y: slots.indexOf(worker.slot) * row + 3,
        width: Math.max(0.7, x(end) - x(worker.born_us) - 0.4), height: row - 6,
        fill: `var(--${colour})` });
      bar.append(svg('title', {}, `pid ${worker.pid}, generation ${worker.generation}: ` +
        (worker.died_us < 0 ? 'alive at the end of the run' : (worker.signal || 'code ' + worker.code) +
        ' after ' + time(worker.died_us - worker.born_us)) + `, ${worker.responses} responses`));
      picture.append(bar);
    });
    for (let i = 0; i <= 4; i++)
      picture.append(svg('text', { x: left + width * i / 4, y: height - 4,
        'text-anchor': i === 4 ? 'end' : i ? 'middle' : 'start' },
        (ends[1] * i / 4).toFixed(1) + ' s'));
    byId('lives').append(picture);
    const work = new Map();
    run.workers.filter((w) => w.slot >= 0).forEach((w) => {
      const one = work.get(w.slot) || { responses: 0, workers: 0, hit: 0 };
      one.responses += w.responses;
      one.workers++;
      one.hit += w.injected ? 1 : 0;
      work.set(w.slot, one);
    });
    const shares = [...work.values()].map((one) => one.responses);
    const sum = shares.reduce((a, b) => a + b, 0);
    const squares = shares.reduce((a, b) => a + b * b, 0);
    const jain = squares ? sum * sum / (shares.length * squares) : 1;
    byId('fairness').textContent = `Jain's index of fairness: ${jain.toFixed(3)} ` +
      `(1: all slots sent equally many responses; ${(1 / (shares.length || 1)).toFixed(2)}: one slot sent all).`;
    table('shares', ['slot', 'responses', 'share', 'workers', 'hit'],
      [...work].sort((a, b) => a[0] - b[0]).map(([slot, one]) => ['slot ' + slot,
        count(one.responses), share(sum ? one.responses / sum : 0), count(one.workers),
        count(one.hit)]));
  }
  drawLifetimes();

  /* ---- Latency ----------------------------------------------------------------------- */

  function drawDistribution() {
    if (run.histogram.length === 0) return;
    const low = Math.log10(Math.max(1, run.histogram[0][0]));
    const high = Math.log10(run.histogram[run.histogram.length - 1][1]) + 0.02;
    const bins = 80, left = 8, width = 1000, height = 160;
    const sums = new Array(bins).fill(0);
    run.histogram.forEach(([from, to, n]) => {
      const at = Math.log10(Math.max(1, (from + to) / 2));
      sums[Math.min(bins - 1, Math.floor((at - low) / (high - low) * bins))] += n;
    });
    const max = Math.max(...sums);
    const picture = svg('svg', { viewBox: `0 0 ${left + width + 8} ${height + 22}`, role: 'img',
      'aria-label': 'Distribution of latencies; see the table below' });
    sums.forEach((n, i) => n && picture.append(svg('rect', { x: left + i * width / bins,
      width: width / bins - 1, y: height - Math.max(1, n / max * height),
      height: Math.max(1, n / max * height), fill: 'var(--ok)' })));
    for (let i = 0; i <= 5; i++)
      picture.append(svg('text', { x: left + width * i / 5, y: height + 15,
        'text-anchor': i === 5 ? 'end' : i ? 'middle' : 'start' },
        time(Math.pow(10, low + (high - low) * i / 5))));
    byId('distribution').append(picture);
  }
  drawDistribution();
  const column = (key) => phases.map(([phase]) => time(run.phases[phase].latency_us[key]));
  table('percentiles', ['percentile', ...phases.map(([, name]) => name)],
    [['p50', 'p50'], ['p90', 'p90'], ['p99', 'p99'], ['p99.9', 'p99.9'], ['slowest', 'max']]
      .map(([name, key]) => [name, ...column(key)])
      .concat([["the client's own lateness, p99", ...phases.map(([phase]) =>
        time(run.phases[phase].lateness_us.p99))]]));

  /* ---- Outcomes and injections --------------------------------------------------------- */

  const classes = Object.keys(main.classes || {});
  table('classes', ['class', ...phases.map(([, name]) => name)],
    classes.filter((key) => key === 'ok' || phases.some(([phase]) => run.phases[phase].classes[key]))
      .map((key) => [key.replace(/_/g, ' '), ...phases.map(([phase]) => {
        const n = run.phases[phase].classes[key];
        return n && key !== 'ok' ? [count(n), 'bad'] : count(n);
      })])
      .concat([['all', ...phases.map(([phase]) => count(run.phases[phase].requests))]]));

  if (run.fault_requests)
    byId('fault_requests').textContent = `${count(run.fault_requests.requests)} more requests asked for a ` +
      'fault and are counted separately: ' + Object.entries(run.fault_requests.classes)
      .filter(([, n]) => n).map(([key, n]) => `${count(n)} ${key.replace(/_/g, ' ')}`).join(', ') + '.';
  else
    byId('fault_requests').remove();

  const faults = new Map();
  run.injections.forEach((injection) => {
    const one = faults.get(injection.fault) || { planned: 0, hit: 0, losses: 0, classes: {} };
    one.planned++;
    one.hit += injection.result === 'hit' ? 1 : 0;
    one.losses += injection.losses;
    faults.set(injection.fault, one);
  });
  const none = { losses: run.losses_without_injection, classes: {} };
  const lossClasses = [...new Set(run.losses.map((loss) => loss.class))];
  run.losses.forEach((loss) => {
    const one = loss.injection < 0 ? none : faults.get(run.injections[loss.injection].fault);
    one.classes[loss.class] = (one.classes[loss.class] || 0) + 1;
  });
  if (none.losses)
    faults.set('no injection', none);
  const bad = (n) => n ? [count(n), 'bad'] : '0';
  table('faults', ['fault', 'injections', 'hit', 'failures attributed to it',
    ...lossClasses.map((key) => key.replace(/_/g, ' '))],
    [...faults].map(([name, one]) => [name, one === none ? '' : count(one.planned),
      one === none ? '' : count(one.hit), bad(one.losses),
      ...lossClasses.map((key) => bad(one.classes[key]))]));
  byId('attribution').textContent = `A failure is attributed to the last injection within ` +
    `${run.experiment.run['attribution-window']} before it. Attributed to none: ${count(run.losses_without_injection)}.` +
    (run.losses_left_out ? ` Only the first ${count(run.losses.length)} are listed by class.` : '');
  table('injections', ['at', 'fault', 'pid', 'slot', 'result', 'failures'],
    run.injections.map((injection) => [(injection.at_us / 1e6).toFixed(3) + ' s', injection.fault,
      injection.pid || '', injection.slot === null ? '' : injection.slot, [injection.result, 'text'],
      injection.losses]));
  if (run.totals)
    table('totals', ['requests', 'count'], [
      ['begun', count(run.totals.begun)], ['answered', count(run.totals.answered)],
      ['answered after retry', count(run.totals.answered_after_retry)],
      ['refused with a reason', count(run.totals.refused)],
      ['client gone', count(run.totals.client_gone)], ['lost', count(run.totals.lost)],
      ['totals add up', run.totals.balanced ? 'yes ✓' : ['no ✗', 'bad']]]);
  else
    byId('totals-section').remove();

  byId('command').textContent = run.command;
  byId('experiment').textContent = Object.entries(run.experiment).map(([section, keys]) =>
    `[${section}]\n` + Object.entries(keys).map(([key, value]) => `${key} = ${value}`).join('\n'))
    .join('\n\n');
  document.body.dataset.drawn = 'yes';
})();
