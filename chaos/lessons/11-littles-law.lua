-- Lesson 11: how many are alive, when so many die and a repair takes so long.

local workers, delay_s = 6, 0.1

local cases = {}
for _, spares in ipairs { 0, 2 } do
  for _, kills in ipairs { 5, 15, 45 } do
    cases[#cases + 1] = {
      name = "kills-" .. kills .. "-spares-" .. spares,
      label = kills .. " kills/s, " .. spares .. " spares",
      kills = kills,
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
        ["fault kill"] = { interval = 1000000 // kills .. "us" },
      },
    }
  end
end

-- Seconds from a death to the next worker's online: to the fork, and from there.
-- Half of them take longer.
local function repair_s(run)
  local forked, died, to_fork, to_online = {}, {}, {}, {}
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
      to_online[#to_online + 1] = event.time - forked[event.pid]
    end
  end
  return stats.median(to_online) + (stats.median(to_fork) or 0)
end

-- Of m processes that are struck at random times, each at the m-th part of the
-- rate, one is up if nothing struck it for as long as a start takes.
local function up(case, row)
  local processes = workers + case.spares
  return math.exp(-row.rate * row.repair / 1000 / processes), processes
end

local function choose(n, k)
  local ways = 1
  for i = 1, k do ways = ways * (n - k + i) / i end
  return ways
end

-- The mean of f(number of processes that are up).
local function mean_over(case, rows, f)
  local p, m = up(case, rows[case.name])
  local sum = 0
  for k = 0, m do
    sum = sum + choose(m, k) * p ^ k * (1 - p) ^ (m - k) * f(k)
  end
  return sum
end

-- The time with each number of serving workers, from the log: a worker serves
-- a slot from online, or from its promotion, until its exit.
local function serving(run)
  local from_us, to_us = run.phases.storm.from_us, run.phases.storm.to_us
  local start = stats.events(run, { event = "exit", signal = "SIGKILL" })[1].time
  local stop = start + (to_us - from_us) / 1e6 - 0.5
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
    Workers are killed at random, lambda times a second, and a new one needs
    100 ms to start. How many of six are alive on average, and for what part of
    the time is there none? What do two spares change?
  ]],

  prediction = [[
    Little's law: what arrives at a rate lambda and stays for a time W is there
    L = lambda W on average. Deaths arrive, a repair takes W, so about lambda W
    workers are down, and n - lambda W alive: as long as that is small.

    When it is not, kills also hit workers that are still starting, and those
    start again. Each of the n processes is struck at the rate lambda / n, at
    random times; it is up exactly when nothing struck it for as long as a
    start takes:

        p = exp(-lambda W / n)      alive = n p      P(none) = (1 - p)^n

    With s spares there are n + s such processes, and min(n, those that are up)
    slots are served. (lambda and W are measured in the same run: a fork takes
    its time, and a kill may find nobody.)
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = 20, new = "50%", timeout = "10s" },
    ["fault kill"] = { schedule = "poisson", victim = "random" },
    run = { ["warm-up"] = "1s", duration = "4s", ["cool-down"] = 0 },
  },

  cases = cases,

  columns = {
    { key = "rate", title = "kills/s", format = "%.0f",
      measure = function(run)
        return run.census.kills * 1e6 / run.phases.storm.duration_us
      end,
      predict = function(case) return case.kills end },
    { key = "repair", title = "W, ms", format = "%.0f",
      measure = function(run) return 1000 * repair_s(run) end,
      predict = function() return 1000 * delay_s end },
    { key = "little", title = "n - lambda W", format = "%.1f",
      measure = function(_, case, rows)
        local row = rows[case.name]
        return math.max(0, workers - row.rate * row.repair / 1000)
      end },
    { key = "alive", title = "serving on average", format = "%.2f",
      measure = function(run) return (serving(run)) end,
      predict = function(case, rows)
        return mean_over(case, rows, function(k) return math.min(k, workers) end)
      end },
    { key = "none", title = "none, % of the time", format = "%.1f",
      measure = function(run)
        local _, none = serving(run)
        return 100 * none
      end,
      predict = function(case, rows)
        return 100 * mean_over(case, rows, function(k) return k == 0 and 1 or 0 end)
      end },
    { key = "lost", title = "requests lost", format = "%d",
      measure = function(run) return run.phases.storm.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Workers that serve, on average", kind = "lines", x = "kills",
      y = "alive", by = "kind", x_label = "kills/s", y_label = "workers" },
    { title = "Processes alive, over time", kind = "series", y = "live",
      cases = { "kills-5-spares-0", "kills-45-spares-0" },
      y_label = "processes" },
  },

  expect = {
    { "the more kills, the fewer serve, and many more kills leave many fewer",
      function(rows)
        return rows[1].alive > rows[2].alive and rows[2].alive > rows[3].alive
          and rows[4].alive > rows[5].alive and rows[5].alive > rows[6].alive
          and rows[3].alive < rows[1].alive - 1
      end },
    { "spares help at every rate", function(rows)
        return rows[4].alive > rows[1].alive and rows[5].alive > rows[2].alive
          and rows[6].alive > rows[3].alive
      end },
    { "the mean is as foretold, within a worker and a half", function(rows)
        return stats.every(rows, function(row)
          return math.abs(row.alive - row.predicted.alive) <= 1.5
        end)
      end },
    { "nobody is lost, even while there is no worker", function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
  },

  learn = [[
    What is down is the rate of deaths times the time of a repair: halve either
    and you halve the loss, and as long as little is down neither the number of
    workers nor the load matters. That nobody is there is a matter of chance, and grows steeply
    once lambda W comes near n. Spares are workers in advance: they help with
    the mean, and much more with the worst case.
  ]],

  try = [[
    `delay_s`: a start that takes 10 ms makes 45 kills a second harmless.
    `-s 6`. `schedule = "every"` instead of `poisson`: the mean stays, the worst
    case becomes milder, since kills no longer come in clusters.
  ]],
}
