-- SPDX-License-Identifier: MIT
-- Lesson 10: a service that is always available and always failing.

local rate = 60

local cases = {}
for _, k in ipairs { 1, 2, 4, 16, 64 } do
  cases[#cases + 1] = {
    name = "every-" .. k,
    label = k == 1 and "every request" or "every " .. k .. " requests",
    k = k,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -w 2 -s 1 --log-format json " ..
                "--handoff request --exit-code 1 --exit-after " .. k,
      },
    },
  }
end

local function died(run)
  return stats.events(run, { event = "exit", code = 1 })
end

-- cost = a + b / k through the first and the last point.
local function law(rows, key)
  local first, last = rows[1], rows[#rows]
  local b = (first[key] - last[key]) / (1 / first.case.k - 1 / last.case.k)
  return last[key] - b / last.case.k, b
end

-- Compares the cost of deaths per response from each k to the next k', where
-- 1/k predicts the ratio k'/k.  Looks at the first `count` rows, not the last
-- one: the cost of a response itself is taken from it.  Returns the worst
-- factor between a ratio and its prediction, and the ratios as text.
local function steps(rows, key, count)
  local floor, texts, worst = law(rows, key), {}, 1
  for i = 2, count do
    local one, other = rows[i - 1], rows[i]
    local ratio = (one[key] - floor) / (other[key] - floor)
    local expected = other.case.k / one.case.k
    texts[#texts + 1] = string.format("%.1f (%.0f)", ratio, expected)
    -- Below the floor there is no meaningful ratio.
    worst = ratio <= 0 and math.huge
      or math.max(worst, ratio / expected, expected / ratio)
  end
  return worst, table.concat(texts, ", ")
end

-- The first and the last case determine the law, so it predicts only the cases
-- between them.
local function predict(key)
  return function(case, rows)
    if case.k == rows[1].case.k or case.k == rows[#rows].case.k then return nil end
    local a, b = law(rows, key)
    return a + b / case.k
  end
end

return {
  title = "The mask",

  question = [[
    A bug makes a worker exit with code 1 after every k-th request, as
    `process.exit(1)` does in the tutorials. The supervisor forks a new worker.
    The dashboard shows availability. What does it show, and what does it hide?
  ]],

  prediction = [[
    Each death costs the same, however rare it is: a fork, an exit, and some
    lines in the log. So per successful response

        cost(k) = a + b / k

    with a for the response itself and b for a death, while the availability is
    1 for every k. (a and b are taken from the first and the last case; the
    cases between them test the prediction.) The availability hides the bug; the
    rate of failures by cause does not.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = rate, ["new-connections"] = "50%" },
    run = { baseline = 0, duration = "4s", recovery = 0 },
  },

  cases = cases,

  columns = {
    { key = "availability", title = "availability", format = "%.4f",
      measure = function(run) return run.phases.fault.availability end,
      predict = function() return 1 end },
    { key = "cpu", title = "processor time per response, ms", format = "%.2f",
      measure = function(run)
        return run.usage.cpu_ms / run.phases.fault.ok
      end,
      predict = predict("cpu") },
    { key = "lines", title = "log lines per response", format = "%.2f",
      measure = function(run) return #run.log / run.phases.fault.ok end,
      predict = predict("lines") },
    { key = "failures", title = "failures/hour", format = "%.0f",
      measure = function(run)
        return #died(run) * 3600e6 / run.phases.fault.duration_us
      end,
      predict = function(case) return rate * 3600 / case.k end },
  },

  plots = {
    { title = "Processor time per response", kind = "lines", x = "k", y = "cpu",
      x_label = "requests per death", y_label = "ms", log = "x" },
    { title = "Availability", kind = "lines", x = "k", y = "availability",
      x_label = "requests per death", log = "x" },
  },

  sample_lines = function(runs)
    local lines = { "what the supervisor reports at the end:" }
    for _, row in ipairs(cases) do
      for _, failure in ipairs(stats.events(runs[row.name], "failure")) do
        lines[#lines + 1] = string.format(
          "failure: %s, code %s, signal %s: %d times, %d in the last hour; " ..
          "first %.0f s ago, last %.0f s ago; after %.1f responses on average",
          failure.cause, failure.code or "null", failure.signal or "null",
          failure.count, failure.last_hour, failure.first_ms_ago // 1000,
          failure.last_ms_ago // 1000,
          failure.responses / failure.count)
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "the availability is 1, however often workers die", function(rows)
        return stats.every(rows, function(row) return row.availability == 1 end)
      end },
    { "a death at every request needs at least three times the processor " ..
      "time of a death at every 64th", function(rows)
        -- Or at every 16th, in case the machine was busy during the last run.
        return rows[1].cpu > 3 * math.min(rows[#rows].cpu, rows[#rows - 1].cpu)
      end },
    { "and writes at least five times as many log lines", function(rows)
        return rows[1].lines > 5 * rows[#rows].lines
      end },
    { "log lines of deaths grow as 1/k, within a third from each k to the next",
      function(rows)
        local worst, ratios = steps(rows, "lines", #rows - 1)
        return worst < 4 / 3, ratios
      end },
    { "processor time of deaths grows as 1/k, within a factor of 2.5",
      function(rows)
        -- At k = 16 the deaths cost less than the resolution of the times.
        local worst, ratios = steps(rows, "cpu", #rows - 2)
        return worst < 2.5, ratios
      end },
    { "the supervisor reports every one of these failures",
      function(rows, runs)
        return stats.every(rows, function(row)
          local run = runs[row.name]
          local reported = stats.events(run, { event = "failure", code = 1 })
          return #reported == 1 and reported[1].count == #died(run)
        end)
      end },
  },

  learn = [[
    Automatic restart keeps the dashboard green and hides the bug. The cost
    grows as 1/k until the machine is busy with nothing but deaths. So a
    supervisor must report more than availability: which failures, how many in
    the last hour, and since when. Ours reports them at every `--report-every`
    interval, on SIGUSR1 and at the end. The program itself must still be
    repaired. (If the kernel ends a worker that leaks memory, the log shows
    signal SIGKILL and no code, with the cause `outside`; 137 is what a shell
    makes of that signal.)
  ]],

  try = [[
    `kill -USR1` to a running supervisor. `--report-every 1s`. Set an alert on
    the failures of the last hour instead of on the availability: what would it
    have reported here?
  ]],
}
