-- Lesson 9: a worker that does not die, and does not answer either.

local deadline_ms, eager_ms, slow_ms = 800, 50, 100

-- What is slow is not rare, and need not add up: less time will do.
local slow = { query = "spin=" .. slow_ms .. "ms", share = "3%" }

-- `odd` is what the odd request does; false: none does, and SIGSTOP hits one
-- worker after the other from outside.
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
    One request in a hundred never comes back: its worker runs in circles
    (`fault=hang`), alive and well as far as the kernel can tell. Nobody is
    restarted, because nobody exited. Or a worker is stopped from outside
    (SIGSTOP), which looks the same. In another program three in a hundred are
    just slow: each works for ]] .. slow_ms .. [[ ms, and is good.

    What does a deadline for a worker without a heartbeat change, and what if it
    is too short?
  ]],

  prediction = [[
    A crash frees the slot in a millisecond; a hang keeps it until somebody ends
    it. Without a watchdog each hang takes a worker for good: after n of them
    there are none, and the availability falls to 0 however low the rate of
    hangs is. With a deadline D a hang costs its slot for D, twice (two
    attempts), so of n workers on average

        busy with hangs = hangs a second * 2 * D

    must be well below n. SIGSTOP stops whoever is hit, not whoever takes the
    request: the watchdog sees the same silence, one attempt is enough, and
    nobody is lost. A deadline shorter than the slowest good request takes
    that for hung and kills a worker that was fine: its request gets 500.
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
    { key = "availability", title = "the others' availability", format = "%.3f",
      measure = function(run) return run.phases.fault.availability end },
    { key = "gap", title = "longest gap, s", format = "%.2f",
      measure = function(run) return run.phases.fault.longest_gap_us / 1e6 end },
    { key = "hangs", title = "killed as hung", format = "%d",
      measure = hangs,
      predict = function(case)
        return (case.name:find("none") or case.name == "patient") and 0 or nil
      end },
    { key = "refused", title = "good ones refused", format = "%d",
      measure = function(run, case)
        return case.slow and run.fault_requests.classes.server_error or 0
      end },
  },

  plots = {
    { title = "Answers, over time", kind = "series", y = "ok",
      y_label = "answers/s" },
  },

  expect = {
    { "without a watchdog nobody is killed, and the service dies", function(rows)
        return rows.none.hangs == 0 and rows.none.availability < 0.9
      end },
    { "with one it lives: the hung are killed, fewer are lost, and the gap is " ..
      "shorter", function(rows)
        return rows.deadline.hangs > 0
          and rows.deadline.availability > rows.none.availability
          and rows.deadline.gap < rows.none.gap
      end },
    { "SIGSTOP is no different: without a watchdog the service dies, with one " ..
      "it lives", function(rows)
        local none, deadline = rows["stop-none"], rows["stop-deadline"]
        return none.hangs == 0 and none.availability < 0.9
          and deadline.hangs > 0 and deadline.availability > none.availability
          and deadline.gap < none.gap
      end },
    { "a patient one kills none that was only slow; an eager one does",
      function(rows)
        return rows.patient.hangs == 0 and rows.patient.refused == 0
          and rows.eager.hangs > 0 and rows.eager.refused > 0
      end },
  },

  learn = [[
    An exit is good log_event: somebody learns of it. A hang tells nobody, holds its
    slot, and adds up with the next one, so a supervisor that only waits for
    exits protects against the smaller evil. A watchdog needs a deadline, and
    that deadline is a promise about the slowest good request: too short, and
    the watchdog is the fault.
  ]],

  try = [[
    The three times at the top. `sleep=` instead of `spin=`: who waits without
    blocking has a heartbeat; what takes too long is refused all the same, but
    nobody is killed for it.
  ]],
}
