-- Lesson 6: a program that dies at start, and how often to try again.

local mended_s, base_ms, cap_ms = 2, 100, 1600
local told_s = 3 -- when the owner says that it is mended: SIGHUP
local workers = 4

-- When one place tries, without chance (seconds), up to the first try after the
-- mending: the first failure is forgiven, then the delay doubles.
local function schedule(kind)
  local times, at = { 0 }, 0
  while at < mended_s do
    if #times > 1 then
      local delay = base_ms
      if kind == "exponential" then
        delay = math.min(cap_ms, base_ms * 2 ^ (#times - 2))
      end
      at = at + delay / 1000
    end
    times[#times + 1] = at
  end
  return times
end

-- How many of them were in vain, and when the one came that was not.
local function tries(kind)
  local times = schedule(kind)
  return #times - 1, times[#times]
end

local function is_predicted_only(case)
  return not case.verdict
    and (case.backoff == "constant" or case.backoff == "exponential")
end

local function case(name, label, backoff, verdict)
  return {
    name = name,
    label = label,
    backoff = backoff,
    verdict = verdict,
    inconclusive_ok = true, -- nobody is answered before the program is mended
    experiment = {
      ["fault told"] = verdict == "hold" and {
        victim = "root", signal = "HUP", schedule = "once",
        interval = told_s .. "s",
      },
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 -w " .. workers ..
                " --exit-after 0 --log-format json --queue-timeout 60s" ..
                " --faults --crash-at-start --crash-until " .. mended_s .. "s" ..
                " --backoff " .. backoff .. " --backoff-base " .. base_ms ..
                "ms --backoff-cap " .. cap_ms .. "ms --seed 1 " ..
                (verdict and "--restart-intensity 10/5s --on-crash-loop " .. verdict
                  or "--restart-intensity 1000/1ms"),
      },
    },
  }
end

local function crashes(run)
  return #stats.events(run, { event = "exit", code = 1, responses = 0 })
end

return {
  title = "The crash loop",

  question = [[
    A worker dies before it is online: a typo in a setting, a database that
    does not answer. Two seconds later somebody mends it. The supervisor does
    not know when, and can only try again. How often should it?
  ]],

  prediction = [[
    Every try costs a fork, processor time and lines in the log; every wait
    costs time in which the mended program could serve already. For each of the
    four places, with a base b and an outage of T:

        none:         as fast as the machine forks; back at once
        constant:     1 + T / b tries; back within b
        exponential:  2 + log2(T / b) tries; back within T of the mending,
                      since the last delay is about as long as all before it
        jitter:       a random part of the exponential delay: a few more tries

    The first failure is always forgiven: one crash must not cost a delay. More
    than R failures in a window are a crash loop: `probe` forks one canary at
    growing intervals, `give-up` leaves with 70 for the level above to decide,
    `hold` forks none until somebody says that it is mended (SIGHUP; here ]] ..
    told_s - mended_s .. [[ s after).
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/", ["exit-ok"] = true },
    load = { rate = 5, ["new-connections"] = "100%", timeout = "10s" },
    run = { baseline = 0, duration = 2000 * mended_s + 500 .. "ms", recovery = 0 },
  },

  cases = {
    case("none", "no delay", "none"),
    case("constant", "constant", "constant"),
    case("exponential", "exponential", "exponential"),
    case("jitter", "jitter", "jitter"),
    case("probe", "exponential, probe", "exponential", "probe"),
    case("give-up", "exponential, give up", "exponential", "give-up"),
    case("hold", "exponential, hold", "exponential", "hold"),
  },

  columns = {
    { key = "tries", title = "tries in vain", format = "%d", measure = crashes,
      predict = function(case)
        return is_predicted_only(case) and workers * (tries(case.backoff)) or nil
      end },
    { key = "forks", title = "forks/s until mended", format = "%.0f",
      measure = function(run)
        local opened = stats.events(run, "listening")[1].time
        return #stats.events(run, function(event)
          return event.event == "fork" and event.time < opened + mended_s
        end) / mended_s
      end,
      predict = function(case)
        return is_predicted_only(case)
          and workers * (tries(case.backoff)) / mended_s or nil
      end },
    { key = "back", title = "back after the mending, s", format = "%.2f",
      measure = function(run)
        local at = stats.times(run, "online", "listening")[1]
        return at and at - mended_s
      end,
      predict = function(case)
        if case.verdict == "hold" then return told_s - mended_s end
        if case.backoff == "none" then return 0 end
        if not is_predicted_only(case) then return nil end
        local _, at = tries(case.backoff)
        return at - mended_s
      end },
    { key = "cpu", title = "processor, ms", format = "%.0f",
      measure = function(run) return run.usage.cpu_ms end },
    { key = "lines", title = "log lines", format = "%d",
      measure = function(run) return #run.log end },
    { key = "verdict", title = "verdict",
      measure = function(run)
        if #stats.events(run, "crash-loop") == 0 then return "-" end
        return stats.events(run, "resume")[1] and "crash loop, resumed"
          or stats.events(run, "shutdown")[1].reason == "crash loop"
            and "crash loop, gave up" or "crash loop"
      end },
  },

  plots = {
    { title = "Tries in vain", kind = "bars", y = "tries", log = true },
    { title = "Seconds from the mending until a worker is online",
      kind = "bars", y = "back" },
  },

  sample_lines = function(runs)
    local function line(name, times)
      local texts = {}
      for i, at in ipairs(times) do texts[i] = string.format("%.2f", at) end
      return string.format("  %-12s %s", name,
        table.concat(texts, " ", 1, math.min(#texts, 14)) ..
        (#texts > 14 and " ..." or ""))
    end
    local lines = { "tries of one place, seconds after the port was open:" }
    for _, name in ipairs { "constant", "exponential", "jitter" } do
      local times = stats.times(runs[name], { event = "fork", slot = 1 },
        "listening")
      lines[#lines + 1] = line(name, times)
      if name ~= "jitter" then
        lines[#lines + 1] = line("  predicted", schedule(name))
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "the more patience, the fewer tries: none > constant > exponential",
      function(rows)
        return rows.none.tries > 1.5 * rows.constant.tries
          and rows.constant.tries > 1.5 * rows.exponential.tries
      end },
    { "and the longer the way back: none before exponential", function(rows)
        return rows.none.back < rows.exponential.back
      end },
    { "constant and exponential try no more often than predicted_only",
      function(rows)
        return rows.constant.tries <= rows.constant.predicted.tries
          and rows.exponential.tries <= rows.exponential.predicted.tries
      end },
    { "the verdict ends the storm: fewer tries than without it", function(rows)
        return rows.probe.tries < rows.exponential.tries
          and rows["give-up"].tries < rows.exponential.tries
          and rows.hold.tries < rows.exponential.tries
      end },
    { "probe serves again by itself; give-up leaves it to the level above",
      function(rows)
        return rows.probe.verdict == "crash loop, resumed"
          and rows.probe.back ~= nil
          and rows["give-up"].verdict == "crash loop, gave up"
          and rows["give-up"].back == nil
      end },
    { "hold forks none from its verdict until it is told", function(rows, runs)
        local loop = stats.events(runs.hold, "crash-loop")[1]
        local told = stats.events(runs.hold, "resume")[1]
        if not loop or not told or not rows.hold.back then return false end
        for _, fork in ipairs(stats.events(runs.hold, "fork")) do
          if fork.time > loop.time and fork.time < told.time then return false end
        end
        return told.time - loop.time > 1
      end },
  },

  learn = [[
    A restart policy trades patience against storm, and nobody can have both:
    without a delay the machine burns, with a long one the mended program waits.
    Doubling keeps the number of tries to the logarithm of the outage, and the
    time back within about the outage itself. A verdict that stops the storm and
    keeps one canary makes even a long crash loop cheap, and says out loud what
    a quiet loop would hide.
  ]],

  try = [[
    `mended_s`, `base_ms` and `cap_ms` at the top. `build/supervisor --explain
    --backoff exponential` prints the same schedule before anything runs.
    `told_s`: who holds waits for people, however long these take.
  ]],
}
