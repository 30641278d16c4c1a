-- Lesson 7: all come back at once, and want the same thing.

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

-- When something happened, in seconds after the injection.
local function after_injection(run, wanted)
  return stats.times(run, wanted, { event = "exit", signal = "SIGKILL" })
end

local function collisions(run)
  return #after_injection(run, { event = "exit", code = 75 })
end

-- How many others tried within the same 50 ms as each try, on average; without
-- the first tries, which come together because all died together.
local function company(run)
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

-- Seconds until the last of them was online again; nil if it was not.
local function seconds_to_full(run)
  return after_injection(run, "online")[workers]
end

return {
  title = "The thundering herd",

  question = [[
    Twelve workers die at the same instant, and each needs something to start
    that is there only once, for 80 ms: a lock, a row, a licence. Who finds it
    taken exits with code 75, and the supervisor tries again after a delay. Does
    it matter whether the delays are equal, double, or are drawn at random?
  ]],

  prediction = [[
    Workers that failed together and wait equally long come back together, and
    only one of them can win: with n of them about n rounds are needed, and

        collisions = n - 1 + n - 2 + ... + 1 = n (n - 1) / 2

    and n - 1 more, since a first failure is forgiven, tried again at once, and
    in vain. Doubling the delay keeps them in step all the same: it only makes
    the rounds longer. *Full jitter* draws each delay from 0 to the doubled one:
    those who failed together come back apart, several win in the time of one
    round, and all are back sooner. (A fork takes time too, and takes the herd
    apart a little: then there are fewer collisions.)
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
    { key = "company", title = "others at the same time", format = "%.1f",
      measure = company },
    { key = "full", title = "all online after, s", format = "%.2f",
      measure = seconds_to_full },
    { key = "lost", title = "requests lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Others that try within the same 50 ms", kind = "bars",
      y = "company" },
    { title = "Seconds until all are online", kind = "bars", y = "full" },
    { title = "Workers alive, over time", kind = "series", y = "live",
      y_label = "workers" },
  },

  expect = {
    { "in the end every worker is online again", function(rows)
        return stats.every(rows, function(row) return row.full ~= nil end)
      end },
    { "equal and doubled delays keep the herd together, jitter takes it apart",
      function(rows)
        -- A machine that forks slowly takes any herd apart, but seldom both.
        return rows.jitter.company < 0.7 *
          math.max(rows.constant.company, rows.exponential.company)
      end },
    { "and is done sooner than doubled ones", function(rows)
        return rows.jitter.full < rows.exponential.full
      end },
    { "no client noticed: the supervisor held the connections", function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
  },

  learn = [[
    Delays that are equal synchronise what failed together, and doubling alone
    does not help: the herd comes back as a herd, more rarely. Chance takes the
    herd apart, and full jitter is the simplest and best known way. Note that
    the clients saw none of this: their connections waited with the supervisor.
  ]],

  try = [[
    `--max-starting 2`: a limit of what may start at once is the other cure, and
    needs no luck. `workers` and `start_ms` at the top: with 12 * 80 ms longer
    than the cap, no policy can be faster than the lock.
  ]],
}
