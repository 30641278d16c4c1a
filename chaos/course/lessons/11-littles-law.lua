-- SPDX-License-Identifier: MIT
-- Lesson 11: how many workers are alive, by the rate of deaths and repair time.

local workers, delay_s = 3, 0.1

-- `down`: the intended number of workers that are down, lambda W (Little's
-- law).
local function case(name, label, down, spares)
  return {
    name = name,
    label = label,
    down = down,
    spares = spares,
    kind = spares == 0 and "no spares" or spares .. " spares",
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 --exit-after 0" ..
                " --log-format json --queue-timeout 60s --backoff none" ..
                " --restart-intensity 1000/1ms -w " .. workers ..
                " --max-starting 64 -s " .. spares ..
                " --start-delay " .. delay_s * 1000 .. "ms",
      },
    },
  }
end

-- The first case measures the time of a start on this machine; the kill rates
-- of the other cases follow from it.
local cases = { case("start", "occasional kills", nil, 0) }
cases[1].experiment["fault kill"] = { interval = "200ms" }
cases[1].experiment.run = { duration = "2s" }
for _, spares in ipairs { 0, 2 } do
  for _, down in ipairs { 1, 2, 4 } do
    cases[#cases + 1] = case("down-" .. down .. "-spares-" .. spares,
      "intended lambda W = " .. down .. ", " .. spares .. " spares", down, spares)
  end
end

local function rows_of(rows, spares)
  return rows["down-1-spares-" .. spares], rows["down-2-spares-" .. spares],
    rows["down-4-spares-" .. spares]
end

-- The repair times, in seconds: for each worker that came online, the time
-- since its fork, plus the median time from a death to the fork that follows
-- it.
local function repairs(run)
  local forked, died, to_fork, list = {}, {}, {}, {}
  for _, event in ipairs(run.log) do
    if event.event == "exit" and event.slot then
      died[event.slot] = event.time
    elseif event.event == "fork" then
      forked[event.pid] = event.time
      if event.slot and died[event.slot] then
        to_fork[#to_fork + 1] = event.time - died[event.slot]
        died[event.slot] = nil
      end
    elseif event.event == "online" and forked[event.pid] then
      list[#list + 1] = event.time - forked[event.pid]
    end
  end
  local wait = stats.median(to_fork) or 0
  for i = 1, #list do list[i] = list[i] + wait end
  return list
end

-- The probability that a process is up, and the number m of processes.  Each
-- process is hit at random times, at one m-th of the rate, and is up if it was
-- not hit for as long as its start takes.
local function up(case, row, run)
  local processes, probabilities = workers + case.spares, {}
  for i, took in ipairs(repairs(run)) do
    probabilities[i] = math.exp(-row.rate * took / processes)
  end
  return stats.mean(probabilities), processes
end

local function choose(n, k)
  local ways = 1
  for i = 1, k do ways = ways * (n - k + i) / i end
  return ways
end

-- The expected value of f(number of processes that are up).
local function mean_over(case, rows, runs, f)
  local p, m = up(case, rows[case.name], runs[case.name])
  local sum = 0
  for k = 0, m do
    sum = sum + choose(m, k) * p ^ k * (1 - p) ^ (m - k) * f(k)
  end
  return sum
end

-- Returns the mean number of serving workers, and the share of the time with no
-- live worker.  A worker counts from its online event until its exit; spares
-- take over immediately, so at most `workers` serve.  The time counts from the
-- first kill to the end of the fault phase: later exits belong to the shutdown.
local function serving(run)
  local start = stats.events(run, { event = "exit", signal = "SIGKILL" })[1].time
  local stop = start +
    (run.phases.fault.to_us - run.injections[1].at_us) / 1e6 - 0.1
  local live, count, none, sum, at = {}, 0, 0, 0, start
  for _, event in ipairs(run.log) do
    if event.time and event.time > at and event.time <= stop then
      local span = event.time - at
      sum = sum + math.min(count, workers) * span
      if count == 0 then none = none + span end
      at = event.time
    end
    if event.event == "online" then
      live[event.pid], count = true, count + 1
    elseif event.event == "exit" and live[event.pid] then
      live[event.pid], count = nil, count - 1
    end
  end
  return sum / (at - start), none / (at - start)
end

return {
  title = "Little's law of repair",

  question = [[
    Workers are killed at random, lambda times a second, and a new one needs 100
    ms to start. How many of three workers are alive on average, and for what
    part of the time is there none? What do two spares change?
  ]],

  prediction = [[
    Little's law: if items arrive at a rate lambda and stay for a time W, then
    L = lambda W of them are present on average. Here deaths arrive and a repair
    takes W, so about lambda W workers are down and n - lambda W are alive, as
    long as lambda W is small.

    If it is not small, kills also hit workers that are still starting, and
    those workers start again. Each of the n processes is hit at the rate
    lambda / n, at random times. A process is up exactly if nothing hit it for
    as long as a start takes:

        p = exp(-lambda W / n)      alive = n p      P(none) = (1 - p)^n

    With s spares there are n + s such processes, and min(n, number of processes
    that are up) slots are served. (lambda and W are measured in the same run,
    and p is the mean over all its starts: on a busy machine some starts take
    much longer than others, and a formula with the mean W would be wrong. The
    rate of kills is chosen so that lambda W is 1, 2 and 4, with the W of the
    first case.) P(none) assumes that the processes fail independently of each
    other. This is not quite true: a machine that stalls delays all starts at
    the same time, so expect a somewhat higher P(none).
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = 20, ["new-connections"] = "50%", timeout = "10s" },
    ["fault kill"] = { schedule = "poisson", victim = "random" },
    run = { baseline = "700ms", duration = "5s", recovery = 0 },
  },

  cases = cases,

  adapt = function(case, rows)
    if not case.down then return nil end
    local every_us = 1000 * rows.start.repair / case.down
    return { ["fault kill"] = { interval = string.format("%.0fus", every_us) } }
  end,

  columns = {
    { key = "rate", title = "kills/s", format = "%.0f",
      measure = function(run)
        return run.worker_stats.kills * 1e6 / run.phases.fault.duration_us
      end,
      predict = function(case, rows)
        return case.down and 1000 * case.down / rows.start.repair or 5
      end },
    { key = "repair", title = "W, ms", format = "%.0f",
      measure = function(run) return 1000 * stats.mean(repairs(run)) end,
      predict = function() return 1000 * delay_s end },
    { key = "little", title = "n - lambda W", format = "%.1f",
      measure = function(_, case, rows)
        local row = rows[case.name]
        return math.max(0, workers - row.rate * row.repair / 1000)
      end },
    { key = "alive", title = "serving on average", format = "%.2f",
      measure = function(run) return (serving(run)) end,
      predict = function(case, rows, runs)
        return mean_over(case, rows, runs,
          function(k) return math.min(k, workers) end)
      end },
    { key = "none", title = "none, % of time", format = "%.1f",
      measure = function(run)
        local _, none = serving(run)
        return 100 * none
      end,
      predict = function(case, rows, runs)
        return 100 * mean_over(case, rows, runs,
          function(k) return k == 0 and 1 or 0 end)
      end },
    { key = "lost", title = "requests lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Serving workers, on average", kind = "lines", x = "rate",
      y = "alive", by = "kind", x_label = "kills/s", y_label = "workers" },
    { title = "No worker serves, % of the time", kind = "bars", y = "none" },
  },

  expect = {
    { "more kills leave fewer serving workers, and more time without any",
      function(rows)
        for _, spares in ipairs { 0, 2 } do
          local low, medium, high = rows_of(rows, spares)
          if low.alive <= medium.alive or medium.alive <= high.alive
            or high.none <= low.none or high.none <= medium.none then
            return false
          end
        end
        return true
      end },
    { "with spares more workers serve at each rate, and the time without " ..
      "any is shorter by a quarter at the highest rate", function(rows)
        for _, down in ipairs { 1, 2, 4 } do
          if rows["down-" .. down .. "-spares-2"].alive
            <= rows["down-" .. down .. "-spares-0"].alive then
            return false
          end
        end
        return rows["down-4-spares-2"].none < 0.75 * rows["down-4-spares-0"].none
      end },
    { "the mean is as predicted, within three quarters of a worker",
      function(rows)
        return stats.every(rows, function(row)
          return math.abs(row.alive - row.predicted.alive) <= 0.75
        end)
      end },
    { "P(none) is as predicted, within a factor of two, if 15 % or more is " ..
      "predicted",
      function(rows)
        local judged, texts = 0, {}
        for _, row in ipairs(rows) do
          local expected = row.predicted.none
          if expected >= 15 then
            judged = judged + 1
            texts[judged] = string.format("%.0f (%.0f)", row.none, expected)
            if row.none < expected / 2 or row.none > expected * 2 then
              return false, texts[judged]
            end
          end
        end
        return judged > 0, table.concat(texts, ", ")
      end },
    { "no request is lost, even while there is no worker", function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
  },

  learn = [[
    The number of workers that are down is the rate of deaths times the time of
    a repair: halve either, and you halve the loss. As long as few workers are
    down, neither the number of workers nor the load matters. Whether no worker
    at all is left depends on chance, and the probability rises steeply when
    lambda W comes near n. Spares are workers started in advance: more workers
    serve at each rate, and the time without any is shorter.
  ]],

  try = [[
    `delay_s`: with a start of 10 ms, 40 kills a second are harmless. `-s 6`.
    `schedule = "every"` instead of `poisson`: the mean stays the same, but the
    worst case becomes milder, because kills no longer come in clusters.
  ]],
}
