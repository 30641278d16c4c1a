-- Lesson 11: how many are alive, when so many die and a repair takes so long.

local workers, delay_s = 3, 0.1

-- `down`: how many workers are to be down by Little's law, lambda W.
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

-- The first is there to learn what a start takes on this machine just now, from
-- which follow the kills a second of the others.
local cases = { case("start", "a kill now and then", nil, 0) }
cases[1].experiment["fault kill"] = { interval = "200ms" }
cases[1].experiment.run = { duration = "2s" }
for _, spares in ipairs { 0, 2 } do
  for _, down in ipairs { 1, 2, 4 } do
    cases[#cases + 1] = case("down-" .. down .. "-spares-" .. spares,
      "lambda W = " .. down .. ", " .. spares .. " spares", down, spares)
  end
end

local function rows_of(rows, spares)
  return rows["down-1-spares-" .. spares], rows["down-2-spares-" .. spares],
    rows["down-4-spares-" .. spares]
end

-- Seconds from a death to the next worker's online, of each that came so far.
-- (To the fork it is a moment, or forks are what the machine cannot keep up
-- with: half of these moments are longer than what is added here.)
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

-- Of m processes that are hit at random times, each at the m-th part of the
-- rate, one is up if nothing hit it for as long as its start took.
local function up(case, row, run)
  local processes, chances = workers + case.spares, {}
  for i, took in ipairs(repairs(run)) do
    chances[i] = math.exp(-row.rate * took / processes)
  end
  return stats.mean(chances), processes
end

local function choose(n, k)
  local ways = 1
  for i = 1, k do ways = ways * (n - k + i) / i end
  return ways
end

-- The mean of f(number of processes that are up).
local function mean_over(case, rows, runs, f)
  local p, m = up(case, rows[case.name], runs[case.name])
  local sum = 0
  for k = 0, m do
    sum = sum + choose(m, k) * p ^ k * (1 - p) ^ (m - k) * f(k)
  end
  return sum
end

-- The time with each number of serving workers, from the log: a worker serves
-- a slot from online, or from its promotion, until its exit.
local function serving(run)
  local from_us, to_us = run.phases.fault.from_us, run.phases.fault.to_us
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
    100 ms to start. How many of three are alive on average, and for what part of
    the time is there none? What do two spares change?
  ]],

  prediction = [[
    Little's law: what arrives at a rate lambda and stays for a time W is there
    L = lambda W on average. Deaths arrive, a repair takes W, so about lambda W
    workers are down, and n - lambda W alive: as long as that is small.

    When it is not, kills also hit workers that are still starting, and those
    start again. Each of the n processes is hit at the rate lambda / n, at
    random times; it is up exactly when nothing hit it for as long as a
    start takes:

        p = exp(-lambda W / n)      alive = n p      P(none) = (1 - p)^n

    With s spares there are n + s such processes, and min(n, those that are up)
    slots are served. (lambda and W are measured in the same run, and p is the
    mean over all its starts: on a busy machine some take much longer than
    others, and a formula with the mean W would be wrong. Kills are as frequent
    as makes lambda W 1, 2 and 4, with the W of the first case.) P(none) supposes
    that the processes fail independently of each other. They do not quite: a
    machine that stands still delays all starts at once, so some more is to be
    expected.
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
    { key = "none", title = "none, % of the time", format = "%.1f",
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
    { title = "Workers that serve, on average", kind = "lines", x = "rate",
      y = "alive", by = "kind", x_label = "kills/s", y_label = "workers" },
    { title = "Nobody serves, % of the time", kind = "bars", y = "none" },
  },

  expect = {
    { "the more kills, the fewer serve, and the longer there is none",
      function(rows)
        for _, spares in ipairs { 0, 2 } do
          local few, more, most = rows_of(rows, spares)
          if few.alive <= more.alive or more.alive <= most.alive
            or most.none <= few.none or most.none <= more.none then
            return false
          end
        end
        return true
      end },
    { "spares help: more serve at each rate, and at the highest there is none " ..
      "for less of the time by a quarter", function(rows)
        for _, down in ipairs { 1, 2, 4 } do
          if rows["down-" .. down .. "-spares-2"].alive
            <= rows["down-" .. down .. "-spares-0"].alive then
            return false
          end
        end
        return rows["down-4-spares-2"].none < 0.75 * rows["down-4-spares-0"].none
      end },
    { "the mean is as predicted_only, within three quarters of a worker", function(rows)
        return stats.every(rows, function(row)
          return math.abs(row.alive - row.predicted.alive) <= 0.75
        end)
      end },
    { "P(none) is as predicted_only within a factor of two, where it is 15 % or more",
      function(rows)
        local judged, texts = 0, {}
        for _, row in ipairs(rows) do
          local predicted_only = row.predicted.none
          if predicted_only >= 15 then
            judged = judged + 1
            texts[judged] = string.format("%.0f (%.0f)", row.none, predicted_only)
            if row.none < predicted_only / 2 or row.none > predicted_only * 2 then
              return false, texts[judged]
            end
          end
        end
        return judged > 0, table.concat(texts, ", ")
      end },
    { "nobody is lost, even while there is no worker", function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
  },

  learn = [[
    What is down is the rate of deaths times the time of a repair: halve either
    and you halve the loss, and as long as little is down neither the number of
    workers nor the load matters. That nobody is there is a matter of chance,
    and grows steeply once lambda W comes near n. Spares are workers in advance:
    more serve at each rate, and nobody for less of the time.
  ]],

  try = [[
    `delay_s`: a start that takes 10 ms makes 40 kills a second harmless.
    `-s 6`. `schedule = "every"` instead of `poisson`: the mean stays, the worst
    case becomes milder, since kills no longer come in clusters.
  ]],
}
