-- Lesson 4: who of eight gets the work.

local workers = 8

local schedules = {
  { "rr", "rr", "--schedule rr --handoff connection" },
  { "request", "by request", "--schedule rr --handoff request" },
  { "least", "least", "--schedule least --handoff connection" },
  { "shared", "shared", "--schedule shared" },
  { "reuseport", "reuseport", "--schedule reuseport" },
}
local loads = {
  { "low-new", "low, new", { rate = 80, ["new-connections"] = "100%" } },
  { "low-kept", "low, 12 kept", { rate = 80, ["new-connections"] = "0%", connections = 12 } },
  { "full-new", "saturated, new",
    { closed = true, ["new-connections"] = "100%", connections = 32 } },
  { "full-kept", "saturated, 12 kept",
    { closed = true, ["new-connections"] = "0%", connections = 12 } },
}

local cases = {}
for _, schedule in ipairs(schedules) do
  for _, load in ipairs(loads) do
    cases[#cases + 1] = {
      name = schedule[1] .. "-" .. load[1],
      label = schedule[2] .. ", " .. load[2],
      schedule = schedule[2],
      load = load[2],
      full = load[3].closed,
      inconclusive_ok = true, -- shares are looked at, not times
      experiment = {
        target = {
          start = "build/supervisor -l 127.0.0.1:0 -s 0 --exit-after 0" ..
                  " --log-format json --max-starting " .. workers ..
                  " -w " .. workers .. " " .. schedule[3],
        },
        load = load[3],
      },
    }
  end
end

local function each(rows, load, holds)
  for _, row in ipairs(rows) do
    if row.case.load:find(load) and not holds(row) then return false end
  end
  return true
end

-- Where two of eight got what the tutorials say.
local function warned_of(rows)
  local found = {}
  for _, row in ipairs(rows) do
    if row.top2 >= 70 then
      found[#found + 1] = string.format("%s: %.0f %%", row.label, row.top2)
    end
  end
  if #found == 0 then return "70 % or more: nowhere in this run" end
  return "70 % or more: " .. table.concat(found, "; ")
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
    all are busy, with new connections and with twelve that are kept alive.
  ]],

  prediction = [[
    Jain's index tells how fair shares x are: 1 when all are equal, 1/n when one
    has it all:

        J = (sum x)^2 / (n * sum x^2)

    rr deals connections out one by one: J = 1 where each asks once. A kept one
    is dealt once and stays, so twelve give at best 2 2 2 2 1 1 1 1, J = 0.9,
    and worse if they come before all workers are there. By request J = 1
    whatever the clients do. A shared listener wakes all who wait, and the first
    to run has the connection: uneven while most are idle, more even once
    nobody is, because then whoever becomes free takes the next. reuseport
    throws dice (a hash of the addresses): even in the long run only.

    Low load is 80 requests a second of 1 ms of processor time. Saturation is a
    load that asks again as soon as it is answered, so that there are always
    more requests in hand (rate times mean latency, Little's law) than workers.
  ]],

  experiment = {
    -- The work is the worker's, so that the workers are what is saturated.
    target = { url = "http://127.0.0.1:0/?spin=1ms" },
    run = { baseline = 0, duration = "1300ms", recovery = 0 },
  },

  cases = cases,

  columns = {
    { key = "rate", title = "answers/s", format = "%.0f",
      measure = function(run)
        return run.phases.fault.ok * 1e6 / run.phases.fault.duration_us
      end },
    { key = "in_hand", title = "in hand", format = "%.1f",
      measure = function(run, case, rows)
        return rows[case.name].rate * run.phases.fault.latency_us.mean / 1e6
      end },
    { key = "jain", title = "Jain's index", format = "%.2f",
      measure = function(run) return stats.jain(shares(run)) end,
      predict = function(case)
        if case.schedule == "by request" then return 1 end
        return case.schedule == "rr" and case.load:find("new") and 1 or nil
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
    { title = "Two of eight got, %", kind = "bars", y = "top2" },
  },

  sample_lines = function(runs)
    local lines = { "answers by worker, most first:" }
    for _, row in ipairs(cases) do
      lines[#lines + 1] = string.format("%-31s %s", row.label,
        table.concat(shares(runs[row.name]), " "))
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "saturated: more requests in hand than workers, and at low load fewer " ..
      "than then", function(rows)
        return each(rows, "low", function(row)
          local full = rows[row.name:gsub("low", "full")]
          return full.in_hand > workers and row.in_hand < 0.8 * full.in_hand
        end)
      end },
    { "turns are even where each connection asks once, at low load and saturated",
      function(rows)
        -- Not 1: who is online late on a busy machine has missed some turns.
        return rows["rr-low-new"].jain > 0.85 and rows["rr-full-new"].jain > 0.85
      end },
    { "two of eight get more from a shared listener than by turns at low load, " ..
      "new or kept", function(rows)
        return rows["shared-low-new"].top2 > 1.2 * rows["rr-low-new"].top2
          and rows["shared-low-kept"].top2 > 1.2 * rows["rr-low-kept"].top2
      end },
    { "and less of it when all are busy than when most are idle", function(rows)
        return rows["shared-full-new"].top2 < rows["shared-low-new"].top2
      end },
    { "dice are less even than turns", function(rows)
        return rows["reuseport-low-new"].jain < rows["rr-low-new"].jain
      end },
    { "twelve kept connections: by request even at both loads, by connection not",
      function(rows)
        return rows["request-low-kept"].jain > 0.95
          and rows["request-full-kept"].jain > 0.85
          and rows["rr-low-kept"].jain < rows["request-low-kept"].jain
      end },
    { '"two of eight get 70 %" is never true of turns or by request where each ' ..
      "connection asks once", function(rows)
        return each(rows, "new", function(row)
          return row.case.schedule ~= "rr" and row.case.schedule ~= "by request"
            or row.top2 < 40
        end), warned_of(rows)
      end },
  },

  learn = [[
    Who accepts for himself gets what he is quick for: at low load the same few
    get most, and once all are busy, whoever is free takes the next, so that the
    shares come closer. Turns are even
    by the count of connections, dice only in the long run. A connection that is
    kept stays with whoever was there when it came, so handing out requests
    instead is what stays even whatever the clients do.
  ]],

  try = [[
    `workers`, and the `loads` at the top. `sleep=` instead of `spin=` in the
    url. Leave out `--max-starting`: where do twelve connections go that come
    while only the first workers are there?
  ]],
}
