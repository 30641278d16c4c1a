-- Lesson 4: who of eight gets the work.

local workers = 8

local schedules = {
  { "rr", "rr", "--schedule rr --hand-over connection" },
  { "request", "rr, by request", "--schedule rr --hand-over request" },
  { "least", "least", "--schedule least --hand-over connection" },
  { "shared", "shared", "--schedule shared" },
  { "reuseport", "reuseport", "--schedule reuseport" },
}
local loads = {
  { "low", "low", { rate = 60, new = "100%" } },
  { "busy", "busy", { rate = 500, new = "100%", connections = 64 } },
  { "kept", "busy, 12 kept", { rate = 400, new = "0%", connections = 12 } },
}

local cases = {}
for _, schedule in ipairs(schedules) do
  for _, load in ipairs(loads) do
    cases[#cases + 1] = {
      name = schedule[1] .. "-" .. load[1],
      label = schedule[2] .. ", " .. load[2],
      schedule = schedule[2],
      load = load[2],
      void_ok = true, -- shares are looked at, not times
      experiment = {
        target = {
          start = "build/supervisor -l 127.0.0.1:0 -s 0 --exit-after 0" ..
                  " --log-format json -w " .. workers .. " " .. schedule[3],
        },
        load = load[3],
      },
    }
  end
end

-- Answers by worker, most first.
local function shares(run)
  local list = {}
  for _, exit in ipairs(stats.events(run, "exit")) do
    list[#list + 1] = exit.responses
  end
  table.sort(list, function(a, b) return a > b end)
  return list
end

return {
  title = "Who gets the work?",

  question = [[
    The tutorials warn that with eight workers "two got 70 % of the
    connections", and that is why Node's primary hands them out itself. Is it
    true here? Eight workers, five ways to share the work, at low load and when
    busy, with new connections and with twelve that are kept alive.
  ]],

  prediction = [[
    Jain's index tells how fair shares x are: 1 when all are equal, 1/n when one
    has it all:

        J = (sum x)^2 / (n * sum x^2)

    rr deals connections out one by one: J = 1 with new connections; with a few
    that are kept, only as even as 12 divides by 8. By request it is even again.
    A shared listener wakes all who wait, and the first to run has the
    connection: those who run first have most, and a few connections that are
    kept stay where they fell. reuseport throws dice (a hash of the addresses): even in the long run,
    uneven with few connections.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    run = { ["warm-up"] = 0, duration = "1500ms", ["cool-down"] = 0 },
  },

  cases = cases,

  columns = {
    { key = "jain", title = "Jain's index", format = "%.2f",
      measure = function(run) return stats.jain(shares(run)) end,
      predict = function(case)
        if case.schedule == "rr, by request" then return 1 end
        if case.schedule == "rr" and case.load ~= "busy, 12 kept" then return 1 end
        return nil
      end },
    { key = "top2", title = "two of eight got, %", format = "%.0f",
      measure = function(run)
        local list = shares(run)
        return 100 * ((list[1] or 0) + (list[2] or 0)) / stats.sum(list)
      end },
    { key = "busiest", title = "the busiest, %", format = "%.0f",
      measure = function(run)
        local list = shares(run)
        return 100 * (list[1] or 0) / stats.sum(list)
      end },
  },

  plots = {
    { title = "Jain's index", kind = "bars", y = "jain" },
  },

  excerpt = function(runs)
    local lines = { "answers by worker, most first:" }
    for _, row in ipairs(cases) do
      lines[#lines + 1] = string.format("%-24s %s", row.label,
        table.concat(shares(runs[row.name]), " "))
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "round robin is even with new connections", function(rows)
        return rows["rr-low"].jain > 0.95 and rows["rr-busy"].jain > 0.95
      end },
    { "a shared listener is less even than round robin at low load",
      function(rows) return rows["shared-low"].jain < rows["rr-low"].jain end },
    { "of connections that are kept, two of eight get more from a shared " ..
      "listener than from round robin", function(rows)
        return rows["shared-kept"].top2 > rows["rr-kept"].top2
      end },
    { "dice are less even than turns", function(rows)
        return rows["reuseport-low"].jain < rows["rr-low"].jain
      end },
    { "by request even 12 kept connections are shared out more evenly than by " ..
      "connection", function(rows)
        return rows["request-kept"].jain >= rows["rr-kept"].jain - 0.02
      end },
  },

  learn = [[
    "Two of eight got 70 %" is true of a shared listener, and most where few
    connections live long: then the share of connections is the share of work
    for hours. Turns are even by the count of connections, dice only in the long
    run. Handing out requests instead of connections is the only way that stays
    even whatever the clients do.
  ]],

  try = [[
    `workers`, and the `loads` at the top. `?sleep=5ms` in the url: does the
    shared listener become fairer when its workers are busy?
  ]],
}
