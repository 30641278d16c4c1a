-- Lesson 1: many processes behind one port, and why that is no conflict.

local workers = 4

local function case(name, label, schedule, listeners, holders)
  return {
    name = name,
    label = label,
    listeners = listeners,
    holders = holders,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 --exit-after 0" ..
                " --log-format json -w " .. workers .. " --schedule " .. schedule,
      },
    },
  }
end

local function distinct(list, key)
  local seen, count = {}, 0
  for _, item in ipairs(list) do
    if not seen[item[key]] then seen[item[key]], count = true, count + 1 end
  end
  return count
end

-- How many workers gave answers.
local function answerers(run)
  return #stats.events(run, function(event)
    return event.event == "exit" and event.responses > 0
  end)
end

return {
  title = "One port, many processes",

  question = [[
    Two programs cannot bind the same port: the second gets EADDRINUSE. But a
    primary with four workers has five processes behind one. Who of them
    listens, who answers, and why is there no conflict?
  ]],

  prediction = [[
    A listening socket is an object of the kernel, and a port leads to it. A
    process does not own it, it holds a descriptor of it, and descriptors can be
    inherited by fork or sent to another process. So there are three ways:

        rr:         1 socket, held by the primary alone; it accepts, and hands
                    the *connection* to a worker
        shared:     1 socket, held by the primary and its n workers; whoever
                    comes first accepts
        reuseport:  n sockets on the same port, allowed because each of them
                    asked for SO_REUSEPORT; the kernel chooses by hash

    In all three, all n workers answer.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = 100, ["new-connections"] = "100%" },
    -- Who listens is looked at when all are up.
    run = { baseline = "1500ms", duration = "1s", recovery = 0 },
  },

  cases = {
    case("rr", "rr: handoff", "rr", 1, 1),
    case("shared", "shared listener", "shared", 1, workers + 1),
    case("reuseport", "a listener each", "reuseport", workers, workers),
  },

  columns = {
    { key = "sockets", title = "listening sockets", format = "%d",
      measure = function(run) return distinct(run.listening, "inode") end,
      predict = function(case) return case.listeners end },
    { key = "holders", title = "processes that hold one", format = "%d",
      measure = function(run) return distinct(run.listening, "pid") end,
      predict = function(case) return case.holders end },
    { key = "ports", title = "ports", format = "%d",
      measure = function(run) return distinct(run.listening, "address") end,
      predict = function() return 1 end },
    { key = "answerers", title = "workers that answered", format = "%d",
      measure = answerers, predict = function() return workers end },
    { key = "lost", title = "lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Processes that hold a listening socket", kind = "bars",
      y = "holders" },
  },

  sample_lines = function(runs)
    local lines = { "who listens, from /proc (as `ss -ltnp` shows it):" }
    for _, name in ipairs { "rr", "shared", "reuseport" } do
      lines[#lines + 1] = name
      for _, held in ipairs(runs[name].listening) do
        lines[#lines + 1] = string.format("  %-22s %-6s pid %-7d fd %-3d inode %s",
          held.address, held.role, held.pid, held.fd, held.inode)
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "with rr one process listens: the primary", function(rows, runs)
        return rows.rr.holders == 1 and runs.rr.listening[1].role == "root"
      end },
    { "shared: one socket, and every worker holds it", function(rows)
        return rows.shared.sockets == 1 and rows.shared.holders == workers + 1
      end },
    { "reuseport: as many sockets as workers, on one port", function(rows)
        return rows.reuseport.sockets == workers and rows.reuseport.ports == 1
      end },
    { "in each way more than one worker answers, and nothing is lost",
      function(rows)
        return rows.rr.answerers == workers and stats.every(rows, function(row)
          return row.answerers > 1 and row.lost == 0
        end)
      end },
  },

  learn = [[
    A port is not a process: it leads to a socket, and any number of processes
    can hold that. Who accepts decides who owns the connection, and so what is
    lost with a worker: in the first way the primary can keep a duplicate, in
    the others the connection is the worker's alone. That is what the lessons on
    restarts turn on.
  ]],

  try = [[
    `build/supervisor --schedule shared &`, then `ss -ltnp`. Start two
    supervisors on the same port, with `rr` and with `reuseport`.
  ]],
}
