-- SPDX-License-Identifier: MIT
-- Lesson 7: all workers come back at once and need the same resource.

local workers, start_ms, base_ms, cap_ms = 12, 80, 200, 400

local function case(name, label, backoff)
  return {
    name = name,
    label = label,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 -w " .. workers ..
                " --exit-after 0 --log-format json --queue-timeout 60s" ..
                " --max-starting " .. workers ..
                " --start-delay " .. start_ms .. "ms --start-lock" ..
                " --restart-intensity 1000/1ms --healthy-after 50ms" ..
                " --backoff " .. backoff .. " --backoff-base " .. base_ms ..
                "ms --backoff-cap " .. cap_ms .. "ms",
      },
    },
  }
end

-- The times of the wanted events, in seconds after the first kill.
local function after_injection(run, wanted)
  return stats.times(run, wanted, { event = "exit", signal = "SIGKILL" })
end

local function collisions(run)
  return #after_injection(run, { event = "exit", code = 75 })
end

-- The number of other tries within the same 50 ms as each try, on average.  The
-- first tries do not count: they coincide because all workers died together.
local function concurrent_tries(run)
  local tries = after_injection(run, "fork")
  local sum, count = 0, 0
  for i, at in ipairs(tries) do
    if at > base_ms / 2000 then
      count = count + 1
      for j, other in ipairs(tries) do
        if i ~= j and math.abs(other - at) <= 0.025 then sum = sum + 1 end
      end
    end
  end
  return count > 0 and sum / count or 0
end

-- Seconds until all workers were online again; nil if they never were.
local function seconds_to_full(run)
  return after_injection(run, "online")[workers]
end

return {
  title = "The thundering herd",

  question = [[
    Twelve workers die at the same instant. To start, each of them needs a
    resource that exists only once, for 80 ms: a lock, a database row, a
    licence. A worker that finds the resource taken exits with code 75, and the
    supervisor tries again after a delay. Does it matter whether the delays are
    constant, doubled, or random?
  ]],

  prediction = [[
    Workers that failed together and wait equally long come back together, and
    only one of them can get the resource. With n workers about n rounds are
    needed, and

        collisions = n - 1 + n - 2 + ... + 1 = n (n - 1) / 2

    plus n - 1 more, since the first failure causes no delay and the immediate
    second try fails too. Doubling the delay does not separate the workers: it
    only makes the rounds longer. *Full jitter* draws each delay from 0 to the
    doubled value. Workers that failed together come back at different times,
    several succeed in the time of one round, and all are back earlier. (A fork
    takes time too, which separates the herd a little; then there are fewer
    collisions.)
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = 20, ["new-connections"] = "100%", timeout = "10s" },
    ["fault all"] = { schedule = "once", victim = "all", interval = "5s" },
    run = { baseline = 0, duration = "10s", recovery = 0 },
  },

  cases = {
    case("constant", "constant delay", "constant"),
    case("exponential", "doubled delay", "exponential"),
    case("jitter", "full jitter", "jitter"),
  },

  columns = {
    { key = "collisions", title = "collisions", format = "%d",
      measure = collisions,
      predict = function(case)
        if case.name == "jitter" then return nil end
        return workers * (workers - 1) / 2 + workers - 1
      end },
    { key = "concurrent", title = "others at the same time", format = "%.1f",
      measure = concurrent_tries },
    { key = "full", title = "all online after, s", format = "%.2f",
      measure = seconds_to_full },
    { key = "lost", title = "requests lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Other tries within the same 50 ms", kind = "bars",
      y = "concurrent" },
    { title = "Seconds until all are online", kind = "bars", y = "full" },
    { title = "Workers alive, over time", kind = "series", y = "live",
      y_label = "workers" },
  },

  expect = {
    { "at the end every worker is online again", function(rows)
        return stats.every(rows, function(row) return row.full ~= nil end)
      end },
    { "constant or doubled delays keep the herd together, jitter separates it",
      function(rows)
        -- A machine that forks slowly separates one of the two herds, rarely both.
        return rows.jitter.concurrent < 0.7 *
          math.max(rows.constant.concurrent, rows.exponential.concurrent)
      end },
    { "with jitter all are online earlier than with doubled delays",
      function(rows)
        return rows.jitter.full < rows.exponential.full
      end },
    { "no request is lost, because the supervisor holds the connections",
      function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
  },

  learn = [[
    Constant delays synchronise workers that failed together, and doubling the
    delay alone does not help: the herd comes back as a herd, only less often.
    Randomness separates the herd, and full jitter is the simplest and best
    known method. Note that the clients saw none of this: the supervisor held
    their connections.
  ]],

  try = [[
    `--max-starting 2`: a limit on simultaneous starts also solves the problem,
    and does not depend on chance. `workers` and `start_ms` at the top: if 12 *
    80 ms is longer than the cap, no policy can be faster than the lock.
  ]],
}
