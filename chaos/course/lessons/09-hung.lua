-- SPDX-License-Identifier: MIT
-- Lesson 9: a worker that neither dies nor answers.

local deadline_ms, eager_ms, slow_ms = 800, 50, 100

-- Slow requests are frequent and need not accumulate, so a short run suffices.
local slow = { query = "spin=" .. slow_ms .. "ms", share = "3%" }

-- `odd` describes the unusual requests; if it is false there are none, and
-- SIGSTOP stops one worker after the other instead.
local function case(name, label, timeout, odd)
  return {
    name = name,
    label = label,
    slow = odd == slow,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -w 3 -s 0 --exit-after 0" ..
                " --log-format json --faults --handoff request" ..
                " --quarantine 0 --drain-timeout 100ms --request-timeout " .. timeout,
      },
      ["fault odd"] = odd,
      ["fault stop"] = not odd and { kind = "stop", ["effect-duration"] = "60s",
        schedule = "rolling", interval = "800ms" },
      run = odd == slow and { duration = "4s" } or nil,
    },
  }
end

local function hangs(run)
  return #stats.events(run, "hang")
end

return {
  title = "Hung is worse than dead",

  question = [[
    One request in a hundred never returns: its worker runs in an endless loop
    (`fault=hang`), and the kernel sees a healthy process. Nothing is restarted,
    because nothing exited. A worker stopped from outside (SIGSTOP) looks the
    same. In another program three requests in a hundred are just slow: each
    works for ]] .. slow_ms .. [[ ms, and is valid.

    What does a deadline for a worker without a heartbeat change, and what if
    the deadline is too short?
  ]],

  prediction = [[
    A crash frees the slot within a millisecond; a hang occupies it until the
    worker is killed. Without a watchdog each hang occupies a worker forever:
    after n hangs no worker is left, and the availability falls to 0, however
    low the rate of hangs is. With a deadline D, a hang occupies a slot for D,
    twice (two attempts). So of n workers, on average

        busy with hangs = hangs a second * 2 * D

    must be well below n. SIGSTOP stops a random worker, not the worker that
    takes a certain request: the watchdog sees the same silence, the request
    loses only one attempt, and no request is lost. A deadline shorter than the
    slowest valid request mistakes that request for a hang and kills a healthy
    worker; the request gets 500.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/", grace = "1s" },
    load = { rate = 60, ["new-connections"] = "50%", token = "header", timeout = "1500ms" },
    ["fault odd"] = { kind = "request", share = "1%", query = "fault=hang" },
    run = { baseline = 0, duration = "6500ms", recovery = 0, seed = 7 },
  },

  cases = {
    case("none", "hangs, no watchdog", "60s", {}),
    case("deadline", "hangs, after " .. deadline_ms .. " ms",
         deadline_ms .. "ms", {}),
    case("stop-none", "SIGSTOP, no watchdog", "60s", false),
    case("stop-deadline", "SIGSTOP, after " .. deadline_ms .. " ms",
         deadline_ms .. "ms", false),
    case("patient", "slow ones, after " .. deadline_ms .. " ms",
         deadline_ms .. "ms", slow),
    case("eager", "slow ones, after " .. eager_ms .. " ms", eager_ms .. "ms",
         slow),
  },

  columns = {
    { key = "availability", title = "availability of others", format = "%.3f",
      measure = function(run) return run.phases.fault.availability end },
    { key = "last", title = "in the last 2 s, %", format = "%.0f",
      measure = function(run)
        local to_s = run.phases.fault.duration_us / 1e6
        local ok = stats.rate(run, "ok", to_s - 2, to_s)
        local others = stats.rate(run, "sent", to_s - 2, to_s)
        return 100 * math.min(1, ok / others)
      end,
      predict = function(case)
        if case.name == "none" then return nil end
        return case.name == "stop-none" and 0 or 100
      end },
    { key = "gap", title = "longest gap, s", format = "%.2f",
      measure = function(run) return run.phases.fault.longest_gap_us / 1e6 end },
    { key = "hangs", title = "killed as hung", format = "%d",
      measure = hangs,
      predict = function(case)
        return (case.name:find("none") or case.name == "patient") and 0 or nil
      end },
    { key = "refused", title = "valid requests refused", format = "%d",
      measure = function(run, case)
        return case.slow and run.fault_requests.classes.server_error or 0
      end },
  },

  plots = {
    -- SIGSTOP without a watchdog is left out: the stopped workers continue at
    -- the end and answer all that waited, in one peak that hides the rest.
    { title = "Responses, over time", kind = "series", y = "ok",
      cases = { "none", "deadline", "stop-deadline", "patient", "eager" },
      y_label = "responses/s" },
  },

  expect = {
    { "without a watchdog no worker is killed, and the service fails",
      function(rows)
        return rows.none.hangs == 0 and rows.none.availability < 0.9
      end },
    { "with a watchdog hung workers are killed, fewer requests are lost, " ..
      "and the longest gap is shorter", function(rows)
        return rows.deadline.hangs > 0
          and rows.deadline.availability > rows.none.availability
          and rows.deadline.gap < rows.none.gap
      end },
    { "the same is true of SIGSTOP", function(rows)
        local none, deadline = rows["stop-none"], rows["stop-deadline"]
        return none.hangs == 0 and none.availability < 0.9
          and deadline.hangs > 0 and deadline.availability > none.availability
          and deadline.gap < none.gap
      end },
    { "a long deadline kills no worker that is only slow; a short one does",
      function(rows)
        return rows.patient.hangs == 0 and rows.patient.refused == 0
          and rows.eager.hangs > 0 and rows.eager.refused > 0
      end },
  },

  learn = [[
    An exit is reported to the supervisor. A hang is not: it occupies its slot,
    and hangs accumulate. So a supervisor that only waits for exits protects
    against the smaller problem. A watchdog needs a deadline, and that deadline
    is a promise about the slowest valid request: if it is too short, the
    watchdog is the fault.
  ]],

  try = [[
    The three times at the top. `sleep=` instead of `spin=`: a worker that waits
    without blocking has a heartbeat. A request that takes too long is still
    refused, but no worker is killed for it.
  ]],
}
