-- SPDX-License-Identifier: MIT
-- Lesson 6: a program that dies at start, and how often to try again.

local repaired_s, base_ms, cap_ms = 2, 100, 1600
local hup_s = 3 -- when the operator reports the repair with SIGHUP
local workers = 4

-- The times in seconds at which one slot tries, without jitter, up to the first
-- try after the repair.  The first failure causes no delay.
local function schedule(kind)
  local times, at = { 0 }, 0
  while at < repaired_s do
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

-- The number of failed tries, and the time of the successful one.
local function tries(kind)
  local times = schedule(kind)
  return #times - 1, times[#times]
end

local function has_prediction(case)
  return not case.verdict
    and (case.backoff == "constant" or case.backoff == "exponential")
end

local function case(name, label, backoff, verdict)
  return {
    name = name,
    label = label,
    backoff = backoff,
    verdict = verdict,
    inconclusive_ok = true, -- no request is answered before the repair
    experiment = {
      ["fault repaired"] = verdict == "hold" and {
        victim = "root", signal = "HUP", schedule = "once",
        interval = hup_s .. "s",
      },
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 -w " .. workers ..
                " --exit-after 0 --log-format json --queue-timeout 60s" ..
                " --faults --crash-at-start --crash-until " .. repaired_s ..
                "s --backoff " .. backoff .. " --backoff-base " .. base_ms ..
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
    A worker dies before it is online: a typo in a setting, a database that does
    not answer. Two seconds later an operator repairs the cause. The supervisor
    does not know when this happens; it can only try again. How often should it
    try?
  ]],

  prediction = [[
    Every try costs a fork, processor time and lines in the log. Every delay
    costs time in which the repaired program could already serve. For each of
    the four slots, with a base delay b and an outage of T:

        none:         as fast as the machine forks; back immediately
        constant:     1 + T / b tries; back within b
        exponential:  2 + log2(T / b) tries; back within T of the repair, since
                      the last delay is about as long as all before it
        jitter:       a random part of the exponential delay: a few more tries

    The first failure never causes a delay, because one crash must not cost
    time. More than R failures in a window are a crash loop. Then `probe` forks
    one canary at growing intervals, `give-up` exits with status 70 and leaves
    the decision to the level above, and `hold` forks nothing until SIGHUP
    reports the repair (here ]] ..
    hup_s - repaired_s .. [[ s after it).
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/", ["exit-ok"] = true },
    load = { rate = 5, ["new-connections"] = "100%", timeout = "10s" },
    run = { baseline = 0, duration = 2000 * repaired_s + 500 .. "ms",
            recovery = 0 },
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
    { key = "tries", title = "failed tries", format = "%d", measure = crashes,
      predict = function(case)
        return has_prediction(case) and workers * (tries(case.backoff)) or nil
      end },
    { key = "forks", title = "forks/s until repair", format = "%.0f",
      measure = function(run)
        local opened = stats.events(run, "listening")[1].time
        return #stats.events(run, function(event)
          return event.event == "fork" and event.time < opened + repaired_s
        end) / repaired_s
      end,
      predict = function(case)
        return has_prediction(case)
          and workers * (tries(case.backoff)) / repaired_s or nil
      end },
    { key = "back", title = "back after the repair, s", format = "%.2f",
      measure = function(run)
        local at = stats.times(run, "online", "listening")[1]
        return at and at - repaired_s
      end,
      predict = function(case)
        if case.verdict == "hold" then return hup_s - repaired_s end
        if case.backoff == "none" then return 0 end
        if not has_prediction(case) then return nil end
        local _, at = tries(case.backoff)
        return at - repaired_s
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
    { title = "Failed tries", kind = "bars", y = "tries", log = true },
    { title = "Seconds from the repair until a worker is online",
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
    local lines = { "tries of one slot, in seconds after the port was opened:" }
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
    { "longer delays mean fewer tries: none > constant > exponential",
      function(rows)
        return rows.none.tries > 1.5 * rows.constant.tries
          and rows.constant.tries > 1.5 * rows.exponential.tries
      end },
    { "without a delay the service is back earlier than with doubled delays",
      function(rows)
        return rows.none.back < rows.exponential.back
      end },
    { "constant and exponential try no more often than predicted",
      function(rows)
        return rows.constant.tries <= rows.constant.predicted.tries
          and rows.exponential.tries <= rows.exponential.predicted.tries
      end },
    { "with crash-loop detection there are fewer tries than without it",
      function(rows)
        return rows.probe.tries < rows.exponential.tries
          and rows["give-up"].tries < rows.exponential.tries
          and rows.hold.tries < rows.exponential.tries
      end },
    { "probe serves again without help; give-up does not come back",
      function(rows)
        return rows.probe.verdict == "crash loop, resumed"
          and rows.probe.back ~= nil
          and rows["give-up"].verdict == "crash loop, gave up"
          and rows["give-up"].back == nil
      end },
    { "hold forks nothing between its verdict and SIGHUP", function(rows, runs)
        local loop = stats.events(runs.hold, "crash-loop")[1]
        local resumed = stats.events(runs.hold, "resume")[1]
        if not loop or not resumed or not rows.hold.back then return false end
        for _, fork in ipairs(stats.events(runs.hold, "fork")) do
          if fork.time > loop.time and fork.time < resumed.time then
            return false
          end
        end
        return resumed.time - loop.time > 1
      end },
  },

  learn = [[
    A restart policy trades the load of restarts against the time to come back,
    and no policy minimises both: without a delay the machine is busy with
    forks, and with a long delay the repaired program waits. Doubling the delay
    keeps the number of tries to the logarithm of the outage, and the time to
    come back to about the length of the outage. Crash-loop detection that stops
    the restarts and keeps one canary makes even a long crash loop cheap, and it
    reports a problem that silent restarts would hide.
  ]],

  try = [[
    `repaired_s`, `base_ms` and `cap_ms` at the top. `build/supervisor --explain
    --backoff exponential` prints the same schedule before anything runs.
    `hup_s`: with `hold` the service waits for the operator, however long that
    takes.
  ]],
}
