-- SPDX-License-Identifier: MIT
-- Lesson 3: dead workers are replaced, and what that saves.

local workers, spares, rate, work_ms, kills = 4, 1, 200, 10, 25

local function case(name, label, options)
  return {
    name = name,
    label = label,
    keeps = name == "kept",
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -w " .. workers .. " -s " ..
                spares .. " --exit-after 0 --log-format json " .. options,
      },
    },
  }
end

return {
  title = "Fork again",

  question = [[
    The next line of the tutorials is `cluster.on('exit', () =>
    cluster.fork())`. A worker that dies is replaced immediately, and the
    service continues. But what do clients see? Random workers are killed 25
    times a second under load. What happens to the requests that these workers
    were handling, for each way of sharing a port?
  ]],

  prediction = [[
    A fork brings a worker back, but not what the dead worker held. By Little's
    law, a pool that takes r requests a second and needs s seconds for each has
    r s requests in progress. Kills hit n workers and m spares at random, and a
    spare has no request. So a kill loses on average

        lost per 1000 kills = 1000 r s / (n + m)

    This holds for every way in which only the worker has the connection. With
    a listener for each worker (reuseport), the queue of connections of the dead
    worker's listener is lost as well, unless another process keeps the listener
    open for the successor. If the supervisor keeps a duplicate of every
    connection, and the request stays in the kernel until it is answered,
    nothing is lost.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/?sleep=" .. work_ms .. "ms" },
    load = { rate = rate, ["new-connections"] = "100%" },
    ["fault kill"] = { schedule = "poisson", interval = 1000 // kills .. "ms" },
    run = { baseline = 0, duration = "4s", recovery = 0 },
  },

  cases = {
    case("shared", "shared listener", "--schedule shared"),
    case("reuseport", "reuseport", "--schedule reuseport"),
    case("reuseport-kept", "reuseport, listeners kept",
         "--schedule reuseport --keep-listeners"),
    case("no-retain", "rr, not kept", "--no-retain"),
    case("kept", "rr, kept (handoff)", "--queue-timeout 60s"),
  },

  columns = {
    { key = "kills", title = "kills", format = "%d",
      measure = function(run) return run.worker_stats.kills end },
    { key = "lost", title = "lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end },
    { key = "per_1000", title = "lost per 1000 kills", format = "%.0f",
      measure = function(run)
        return 1000 * run.phases.fault.lost / run.worker_stats.kills
      end,
      predict = function(case)
        return case.keeps and 0 or 1000 * rate * work_ms / 1000 / (workers + spares)
      end },
    { key = "again", title = "answered by another worker", format = "%d",
      measure = function(run)
        return run.totals and run.totals.answered_after_retry or 0
      end },
    { key = "availability", title = "availability", format = "%.4f",
      measure = function(run) return run.phases.fault.availability end },
  },

  plots = {
    { title = "Requests lost per 1000 kills", kind = "bars", y = "per_1000" },
  },

  sample_lines = function(runs)
    local lines = {}
    for _, name in ipairs { "shared", "reuseport", "reuseport-kept", "no-retain", "kept" } do
      local parts = {}
      for class, count in pairs(runs[name].phases.fault.classes) do
        if class ~= "ok" and count > 0 then
          parts[#parts + 1] = class .. " " .. count
        end
      end
      table.sort(parts)
      lines[#lines + 1] = string.format("%-15s %s", name,
        #parts > 0 and table.concat(parts, ", ") or "nothing lost")
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "with handoff and a kept duplicate, nothing is lost", function(rows)
        return rows.kept.lost == 0 and rows.kept.kills > 10
      end },
    -- A busy machine loses more, because more requests are in progress.
    { "every other case loses at least a quarter of the predicted number",
      function(rows)
        return stats.every(rows, function(row)
          return row.case.keeps or row.per_1000 > row.predicted.per_1000 / 4
        end)
      end },
    { "with handoff, other workers answer the requests of killed workers",
      function(rows) return rows.kept.again > 0 end },
  },

  learn = [[
    Replacing dead workers keeps the service up, but loses what each dead worker
    held. The loss depends on the load and on the time of a request, not on how
    fast a worker can be forked. To lose nothing, a process that survives must
    hold the connection, and the request must not be removed before its response
    is safe. (The kernel can give the queue of a dead reuseport listener to a
    sibling: `sysctl net.ipv4.tcp_migrate_req=1`. Connections that were already
    accepted are still lost.)
  ]],

  try = [[
    `work_ms`: ten times the time, ten times the loss. `["new-connections"] =
    "0%"`: idle kept-alive connections are lost as well, and their clients
    notice this at the next request.
  ]],
}
