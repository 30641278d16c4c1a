-- SPDX-License-Identifier: MIT
-- Lesson 14: the same kills under other supervisors.

local interval_ms = 600

local function case(name, label, needs)
  return {
    name = name,
    label = label,
    needs = needs,
    ours = name:find("^supervisor") ~= nil,
    -- This file starts the target; `make compare` runs the same files.
    file = "chaos/experiments/others/" .. name .. ".ini",
    inconclusive_ok = true, -- the losses are the result
  }
end

local cases = {
  case("supervisor", "our supervisor"),
  case("supervisor-exit", "ours, exit after each"),
  case("nginx", "nginx", "nginx"),
  case("node-respawn", "Node cluster", "node"),
  case("node-exit", "Node, exit after each", "node"),
  case("pm2", "pm2", "pm2-runtime"),
  case("apache", "Apache prefork", "apache2"),
  case("gunicorn", "gunicorn", "gunicorn"),
}

-- The number of kills.  A kill hits any child of the target.
local function hits(run)
  local count = 0
  for _, injection in ipairs(run.injections) do
    if injection.result == "hit" then count = count + 1 end
  end
  return count
end

return {
  title = "Against the others",

  question = [[
    In practice people run their program under Node's cluster, pm2, gunicorn or
    a prefork server, and all of these restart workers that die. In each of
    them, a random worker is killed about twice a second under the same load.
    What do the clients notice?
  ]],

  prediction = [[
    Each of these gives the connection to the worker for good, so each loses
    what the dead worker held: the load times the time of a request, divided by
    the number of workers (lesson 3), and every idle kept-alive connection. A
    server that answers quickly, as nginx and Apache do with a static page,
    holds little. A slow start adds to the loss: if a start takes W and there
    are lambda deaths a second, lambda W workers are missing (lesson 11), and if
    that is all of them, the port refuses connections. A supervisor that keeps
    the connections loses nothing at any rate of deaths.
  ]],

  experiment = {
    load = { rate = 50, ["new-connections"] = "50%", timeout = "3s", connections = 32 },
    -- Losses must not stop the run: they are what it measures.
    ["steady-state"] = { lost = 100000, ["5xx"] = 100000 },
    ["fault kill"] = { interval = interval_ms .. "ms" },
    run = { baseline = "500ms", duration = "3s", recovery = 0 },
  },

  cases = cases,

  columns = {
    { key = "kills", title = "kills", format = "%d", measure = hits },
    { key = "lost", title = "lost", format = "%d",
      measure = function(run)
        return run.phases.fault.requests - run.phases.fault.ok
      end,
      predict = function(case) return case.ours and 0 or nil end },
    { key = "per_1000", title = "lost per 1000 kills", format = "%.0f",
      measure = function(run)
        local kills = hits(run)
        if kills == 0 then return nil end
        return 1000 * (run.phases.fault.requests - run.phases.fault.ok) / kills
      end },
    { key = "availability", title = "availability", format = "%.4f",
      measure = function(run) return run.phases.fault.availability end,
      predict = function(case) return case.ours and 1 or nil end },
    { key = "gap", title = "longest gap, ms", format = "%.0f",
      measure = function(run) return run.phases.fault.longest_gap_us / 1000 end },
    { key = "p99", title = "p99, ms", format = "%.0f",
      measure = function(run) local us = run.phases.fault.latency_us.p99; return us and us / 1000 end },
  },

  plots = {
    { title = "Requests lost per 1000 kills", kind = "bars", y = "per_1000" },
    { title = "Longest time without a response, ms", kind = "bars", y = "gap",
      log = true },
  },

  expect = {
    { "under our supervisor nothing is lost, in both cases", function(rows)
        return rows.supervisor.lost == 0 and rows["supervisor-exit"].lost == 0
          and rows.supervisor.kills > 1
      end },
    { "the other supervisors installed here, if any, lose requests",
      function(rows)
        local lost, others = 0, 0
        for _, row in ipairs(rows) do
          if not row.case.ours then lost, others = lost + row.lost, others + 1 end
        end
        return others == 0 or lost > 0
      end },
    { "Node's cluster loses requests if each worker exits after one response",
      function(rows)
        return rows["node-exit"] == nil or rows["node-exit"].lost > 0
      end },
  },

  learn = [[
    All of them restart workers, and restarting is the smaller part. What counts
    is which process holds the connection when a worker dies, and how long a new
    worker needs. The figures are from this machine and from tiny programs, but
    the two causes are the same everywhere.
  ]],

  try = [[
    Install one that was skipped and run the lesson again. `interval_ms` at the
    top. `make compare` runs the same experiments for longer and writes a
    separate page.
  ]],
}
