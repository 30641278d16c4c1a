-- SPDX-License-Identifier: MIT
-- Lesson 2: dead workers are not replaced.

-- Requests per second; seconds from a response to the exit; seconds of the run.
local rate, delay, length = 10, 1, 3.5

local function case(workers)
  return {
    name = "workers-" .. workers,
    label = workers == 1 and "1 worker" or workers .. " workers",
    workers = workers,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 --respawn never " ..
                "--exit-after 1 --exit-code 1 --exit-delay " .. delay .. "s " ..
                "--log-format json -w " .. workers,
      },
    },
  }
end

-- An event as the supervisor writes it without --log-format json.
local function format_event(event)
  if event.event == "shutdown" then return "stopping: " .. event.reason end
  return string.format("worker %d pid %d exited: code %s, signal %s, up %.0f ms, %d %s",
    event.slot, event.pid, event.code or "null", event.signal or "null",
    event.uptime_ms, event.responses,
    event.responses == 1 and "response" or "responses")
end

return {
  title = "They die one by one",

  question = [[
    A primary forks workers that share one port. Each worker answers, and one
    second after its first response it exits with code 1, like
    `process.exit(1)` in a timer in the tutorials. The primary prints the code
    and the signal and does nothing else. How long does the service stay
    reachable?
  ]],

  prediction = [[
    A client does not notice a death as long as another worker is alive: the
    listening socket belongs to the primary, and round robin gives the next
    connection to the next worker. So the first request of each worker starts
    the timer of that worker. With n workers, r requests a second and a delay of
    d seconds, the n-th request starts the last timer at n/r, and this timer
    runs for d seconds more:

        answered = n + r * d
        refused  = all the rest

    More workers add time in proportion to their number, and nothing else.
    After n exits no process listens, and the kernel refuses connections
    immediately.
  ]],

  experiment = {
    target = {
      url = "http://127.0.0.1:0/",
      ["exit-ok"] = true, -- the end of the target is the subject of this lesson
    },
    load = { rate = rate, ["new-connections"] = "100%" },
    run = { baseline = 0, duration = length .. "s", recovery = 0 },
  },

  cases = { case(1), case(4), case(12) },

  columns = {
    { key = "exits", title = "workers that exited", format = "%d",
      measure = function(run) return run.worker_stats.exits end,
      predict = function(case) return case.workers end },
    { key = "answered", title = "requests answered", format = "%d",
      measure = function(run) return run.phases.fault.ok end,
      predict = function(case) return case.workers + rate * delay end },
    { key = "refused", title = "refused", format = "%d",
      measure = function(run) return run.phases.fault.classes.refused end,
      predict = function(case) return length * rate - case.workers - rate * delay end },
    { key = "other", title = "other failures", format = "%d",
      measure = function(run)
        local fault = run.phases.fault
        return fault.requests - fault.ok - fault.classes.refused
      end },
    { key = "target", title = "the primary",
      measure = function(run)
        return run["end"] == "target died" and "ended" or "alive"
      end },
  },

  plots = {
    { title = "Workers alive, over time", kind = "series", y = "live",
      y_label = "workers" },
    { title = "Requests answered", kind = "bars", y = "answered" },
  },

  sample_lines = function(runs)
    local lines = {}
    for _, event in ipairs(runs["workers-4"].log) do
      if event.event == "exit" or event.event == "shutdown" then
        lines[#lines + 1] = format_event(event)
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "each worker exits once, with code 1 and no signal", function(rows, runs)
      return stats.every(rows, function(row)
        return row.exits == row.case.workers
          and stats.every(stats.events(runs[row.name], "exit"), function(exit)
            return exit.code == 1 and not exit.signal
          end)
      end)
    end },
    { "after the last exit all requests are refused", function(rows)
      return stats.every(rows, function(row)
        return row.target == "ended" and row.refused > 0
      end)
    end },
    { "more workers answer more requests", function(rows)
      return rows[1].answered < rows[2].answered
        and rows[2].answered < rows[3].answered
    end },
    { "the number of answered requests is close to the prediction",
      function(rows)
      return stats.every(rows, function(row)
        local predicted = row.predicted.answered
        return math.abs(row.answered - predicted) <= 2 + predicted / 4
      end)
    end },
  },

  learn = [[
    One port and many processes work because the primary owns the socket: the
    death of a worker does not close it. An exit has a code or a signal, never
    both. Code 1 and signal null mean that the program itself gave up. More
    workers only postpone the end: if dead workers are not replaced, the service
    ends after n exits.
  ]],

  try = [[
    `--exit-delay 0` in `start`: every request then costs a worker, and n are
    answered. `--respawn always` instead of `never`: this is the subject of the
    next lesson. Or kill the workers yourself: start `build/supervisor -w 12
    -s 0 --respawn never`, `kill` the pids of its workers, and see code null,
    signal SIGTERM in the log.
  ]],
}
