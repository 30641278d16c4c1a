-- SPDX-License-Identifier: MIT
-- Lesson 1: many processes behind one port, and why they do not conflict.

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

-- The number of workers that answered at least one request.
local function answering_workers(run)
  return #stats.events(run, function(event)
    return event.event == "exit" and event.responses > 0
  end)
end

return {
  title = "One port, many processes",

  question = [[
    Two programs cannot bind the same port: the second one gets EADDRINUSE. But
    a primary with four workers has five processes behind one port. Which of
    them listen, which of them answer, and why is there no conflict?
  ]],

  prediction = [[
    A listening socket is a kernel object, and a port leads to it. A process
    does not own the socket. It holds a descriptor that refers to the socket,
    and descriptors can be inherited across fork or sent to another process. So
    there are three ways:

        rr:         1 socket, held by the primary alone; it accepts, and passes
                    the connection to a worker
        shared:     1 socket, held by the primary and its n workers; the first
                    worker to call accept gets the connection
        reuseport:  n sockets on the same port, allowed because each of them
                    has SO_REUSEPORT set; the kernel chooses one by hash

    In all three ways, all n workers answer.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = 100, ["new-connections"] = "100%" },
    -- The listeners are sampled when all workers are up.
    run = { baseline = "1500ms", duration = "1s", recovery = 0 },
  },

  cases = {
    case("rr", "rr: handoff", "rr", 1, 1),
    case("shared", "shared listener", "shared", 1, workers + 1),
    case("reuseport", "one listener each", "reuseport", workers, workers),
  },

  columns = {
    { key = "sockets", title = "listening sockets", format = "%d",
      measure = function(run) return distinct(run.listening, "inode") end,
      predict = function(case) return case.listeners end },
    { key = "holders", title = "processes holding one", format = "%d",
      measure = function(run) return distinct(run.listening, "pid") end,
      predict = function(case) return case.holders end },
    { key = "ports", title = "ports", format = "%d",
      measure = function(run) return distinct(run.listening, "address") end,
      predict = function() return 1 end },
    { key = "answering", title = "workers that answered", format = "%d",
      measure = answering_workers, predict = function() return workers end },
    { key = "lost", title = "lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
  },

  plots = {
    { title = "Processes that hold a listening socket", kind = "bars",
      y = "holders" },
  },

  sample_lines = function(runs)
    local lines = { "listening sockets, from /proc (as in `ss -ltnp`):" }
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
    { "with rr, only the primary listens", function(rows, runs)
        return rows.rr.holders == 1 and runs.rr.listening[1].role == "root"
      end },
    { "with shared, there is one socket, and every worker holds it",
      function(rows)
        return rows.shared.sockets == 1 and rows.shared.holders == workers + 1
      end },
    { "with reuseport, there are as many sockets as workers, on one port",
      function(rows)
        return rows.reuseport.sockets == workers and rows.reuseport.ports == 1
      end },
    { "in each case more than one worker answers, and nothing is lost",
      function(rows)
        return rows.rr.answering == workers and stats.every(rows, function(row)
          return row.answering > 1 and row.lost == 0
        end)
      end },
  },

  learn = [[
    A port is not a process: it leads to a socket, and any number of processes
    can hold that socket. The process that accepts a connection owns it, and
    this decides what is lost when a worker dies. With rr the primary can keep a
    duplicate of the connection; in the other two ways only the worker has it.
    The lessons on restarts build on this difference.
  ]],

  try = [[
    Run `build/supervisor --schedule shared &`, then `ss -ltnp`. Start two
    supervisors on the same port, first with `rr`, then with `reuseport`.
  ]],
}
