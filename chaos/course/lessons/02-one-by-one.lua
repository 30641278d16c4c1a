-- Lesson 2: nobody forks again.

-- Requests a second; seconds from answer to exit, and of the run.
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

-- As the supervisor writes them without --log-format json.
local function in_words(event)
  if event.event == "shutdown" then return "stopping: " .. event.reason end
  return string.format("worker %d pid %d exited: code %s, signal %s, up %.0f ms, %d %s",
    event.slot, event.pid, event.code or "null", event.signal or "null",
    event.uptime_ms, event.responses,
    event.responses == 1 and "response" or "responses")
end

return {
  title = "They die one by one",

  question = [[
    A primary forks workers that share one port. Each worker answers, and a
    second after its first answer it exits with code 1: the tutorials'
    `process.exit(1)` in a timer. The primary prints code and signal, and does
    nothing else. For how long can one browse?
  ]],

  prediction = [[
    A death is no log_event to the client as long as somebody else is alive: the
    listening socket belongs to the primary, and round robin gives the next
    connection to the next worker. So every worker's fuse is lit by its first
    request. With n workers, r requests a second and a delay of d seconds the
    last fuse is lit by the n-th request, at n/r, and burns for d more:

        answered = n + r * d
        refused  = all the rest

    More workers buy time, in proportion, and nothing else. After n exits
    nobody listens, and the kernel refuses at once.
  ]],

  experiment = {
    target = {
      url = "http://127.0.0.1:0/",
      ["exit-ok"] = true, -- its end is what we came to see
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
    { key = "other", title = "failed otherwise", format = "%d",
      measure = function(run)
        local fault = run.phases.fault
        return fault.requests - fault.ok - fault.classes.refused
      end },
    { key = "target", title = "the primary",
      measure = function(run)
        return run["end"] == "target died" and "ended" or "lives"
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
        lines[#lines + 1] = in_words(event)
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
    { "after the last exit everything is refused", function(rows)
      return stats.every(rows, function(row)
        return row.target == "ended" and row.refused > 0
      end)
    end },
    { "more workers answer more, for longer", function(rows)
      return rows[1].answered < rows[2].answered
        and rows[2].answered < rows[3].answered
    end },
    { "about as many are answered as predicted", function(rows)
      return stats.every(rows, function(row)
        local predicted = row.predicted.answered
        return math.abs(row.answered - predicted) <= 2 + predicted / 4
      end)
    end },
  },

  learn = [[
    One port and many processes work because the primary owns the socket: a
    worker's death closes nothing. An exit has a code or a signal, never both;
    code 1 and signal null say that the program itself gave up. More workers
    only put off the end: as long as nobody forks again, n exits are the end of
    the service.
  ]],

  try = [[
    `--exit-delay 0` in `start`: then every request costs a worker, and n are
    answered. `--respawn always` instead of `never`: what the next lesson is
    about. Or kill the workers yourself: `build/supervisor -w 12 -s 0 --respawn
    never`, then `kill` their pids and watch the log say code null, signal
    SIGTERM.
  ]],
}
