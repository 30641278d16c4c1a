-- Lesson 14: the same kills, other supervisors.

local interval_ms = 600

local function case(name, label, needs)
  return {
    name = name,
    label = label,
    needs = needs,
    ours = name:find("^supervisor") ~= nil,
    -- How each is started stands in its experiment; `make compare` runs those.
    file = "chaos/experiments/others/" .. name .. ".ini",
    inconclusive_ok = true, -- what it loses is the finding
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

-- In all of them the target's children are hit, whoever they are.
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
    In practice people put their program under Node's cluster, pm2, gunicorn or
    a prefork server, and all of these restart what dies. About twice a second a
    random worker is killed, in each of them, under the same load. What do the
    clients notice?
  ]],

  prediction = [[
    Each of these hands the connection to the worker for good, so each loses
    what the dead one held: the load times the time of a request, divided by the
    workers (lesson 3), and every idle connection that was kept alive. Who
    answers at once, as nginx and Apache do with a page, holds little. What is
    slow to start adds to that: with a start that takes W and lambda deaths a
    second lambda W workers are missing (lesson 11), and when that is all of
    them the port refuses. Who keeps the connections loses nothing at any rate.
  ]],

  experiment = {
    load = { rate = 50, ["new-connections"] = "50%", timeout = "3s", connections = 32 },
    -- Whatever is lost, it goes on: to measure that is what it runs for.
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
    { title = "Longest time without an answer, ms", kind = "bars", y = "gap",
      log = true },
  },

  expect = {
    { "under our supervisor nothing is lost, in either way", function(rows)
        return rows.supervisor.lost == 0 and rows["supervisor-exit"].lost == 0
          and rows.supervisor.kills > 1
      end },
    { "the others that are installed here lose some between them, if any are",
      function(rows)
        local lost, others = 0, 0
        for _, row in ipairs(rows) do
          if not row.case.ours then lost, others = lost + row.lost, others + 1 end
        end
        return others == 0 or lost > 0
      end },
    { "where each answer ends a worker, Node's cluster loses some",
      function(rows)
        return rows["node-exit"] == nil or rows["node-exit"].lost > 0
      end },
  },

  learn = [[
    All of them restart, and restarting is the smaller half. What decides is who
    holds the connection when a worker dies, and how long a new one needs. The
    numbers are of this machine and of tiny programs; what decides is not.
  ]],

  try = [[
    Install one that was skipped and run it again. `interval_ms` at the top.
    `make compare` runs the same for longer, with a page of its own.
  ]],
}
