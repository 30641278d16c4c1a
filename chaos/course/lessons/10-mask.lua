-- Lesson 10: a service that is always available, and always ill.

local rate = 60

local cases = {}
for _, k in ipairs { 1, 2, 4, 16, 64 } do
  cases[#cases + 1] = {
    name = "every-" .. k,
    label = k == 1 and "each request" or "every " .. k .. " requests",
    k = k,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -w 2 -s 1 --log-format json " ..
                "--handoff request --exit-code 137 --exit-after " .. k,
      },
    },
  }
end

local function died(run)
  return stats.events(run, { event = "exit", code = 137 })
end

-- cost = a + b / k through the first and the last point.
local function law(rows, key)
  local first, last = rows[1], rows[#rows]
  local b = (first[key] - last[key]) / (1 / first.case.k - 1 / last.case.k)
  return last[key] - b / last.case.k, b
end

-- What a death costs, above what an answer costs anyway: from each k to the
-- next, how much less, where 1/k says k'/k.  Up to the last but one, as the last
-- tells what an answer costs.  Returns the worst factor that one is off by, and
-- the ratios.
local function steps(rows, key)
  local floor, texts, worst = law(rows, key), {}, 1
  for i = 2, #rows - 1 do
    local one, other = rows[i - 1], rows[i]
    local ratio = (one[key] - floor) / (other[key] - floor)
    local predicted_only = other.case.k / one.case.k
    texts[#texts + 1] = string.format("%.1f (%.0f)", ratio, predicted_only)
    -- Below the floor there is no ratio at all.
    worst = ratio <= 0 and math.huge
      or math.max(worst, ratio / predicted_only, predicted_only / ratio)
  end
  return worst, table.concat(texts, ", ")
end

local function predict(key)
  return function(case, rows)
    local a, b = law(rows, key)
    return a + b / case.k
  end
end

return {
  title = "The mask",

  question = [[
    A worker leaks, and the kernel ends it after every k-th request (137 is what
    a shell says of SIGKILL). The supervisor forks again. The dashboard shows
    availability. What does it show, and what does it not?
  ]],

  prediction = [[
    Each death costs the same, however rare it is: a fork, an exit, and some
    lines in the log. So per good answer

        cost(k) = a + b / k

    with a for the answer itself and b for a death, while the availability is 1
    for every k. (a and b are taken from the first and the last case: what lies
    between them is the prediction.) The availability hides the bug; the rate of
    failures by cause does not.
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
    { key = "cpu", title = "processor/answer, ms", format = "%.2f",
      measure = function(run)
        return run.usage.cpu_ms / run.phases.fault.ok
      end,
      predict = predict("cpu") },
    { key = "lines", title = "log lines/answer", format = "%.2f",
      measure = function(run) return #run.log / run.phases.fault.ok end,
      predict = predict("lines") },
    { key = "failures", title = "failures an hour", format = "%.0f",
      measure = function(run)
        return #died(run) * 3600e6 / run.phases.fault.duration_us
      end,
      predict = function(case) return rate * 3600 / case.k end },
  },

  plots = {
    { title = "Processor time per answer", kind = "lines", x = "k", y = "cpu",
      x_label = "requests a death", y_label = "ms", log = "x" },
    { title = "Availability", kind = "lines", x = "k", y = "availability",
      x_label = "requests a death", log = "x" },
  },

  sample_lines = function(runs)
    local lines = { "what the supervisor tells its owner at the end:" }
    for _, row in ipairs(cases) do
      for _, told in ipairs(stats.events(runs[row.name], "failure")) do
        lines[#lines + 1] = string.format(
          "failure: %s, code %s, signal %s: %d times, %d in the last hour; " ..
          "first %.0f s ago, last %.0f s ago; after %.1f responses on average",
          told.cause, told.code or "null", told.signal or "null", told.count,
          told.last_hour, told.first_ms_ago // 1000, told.last_ms_ago // 1000,
          told.responses / told.count)
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "the availability is 1, however often it dies", function(rows)
        return stats.every(rows, function(row) return row.availability == 1 end)
      end },
    { "dying at each request costs at least three times the processor of " ..
      "dying at every 64th", function(rows)
        -- Or every 16th, if the machine was busy with something else just then.
        return rows[1].cpu > 3 * math.min(rows[#rows].cpu, rows[#rows - 1].cpu)
      end },
    { "and writes at least five times the log", function(rows)
        return rows[1].lines > 5 * rows[#rows].lines
      end },
    { "the log of a death goes as 1/k, from each k to the next within a third",
      function(rows)
        local worst, ratios = steps(rows, "lines")
        return worst < 4 / 3, ratios
      end },
    { "its processor time too, within a factor of two and a half", function(rows)
        local worst, ratios = steps(rows, "cpu")
        return worst < 2.5, ratios
      end },
    { "the supervisor tells its owner every one of these failures",
      function(rows, runs)
        return stats.every(rows, function(row)
          local run = runs[row.name]
          local told = stats.events(run, { event = "failure", code = 137 })
          return #told == 1 and told[1].count == #died(run)
        end)
      end },
  },

  learn = [[
    Automatic restart keeps the dashboard green and hides the bug; what it costs
    grows as 1/k until the machine is busy with nothing but dying. So a
    supervisor owes its owner more than availability: which failures, how many
    in the last hour, since when. Ours says so every `--report-every`, on
    SIGUSR1 and at the end; the cure is in the program all the same.
  ]],

  try = [[
    `kill -USR1` to a supervisor that runs. `--report-every 1s`. An alert on the
    failures of the last hour instead of on the availability: what would it have
    said here?
  ]],
}
