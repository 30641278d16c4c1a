-- SPDX-License-Identifier: MIT
-- Lesson 4: how the work is shared among eight workers.

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
      inconclusive_ok = true, -- the lesson measures shares, not times
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

local function all_with_load(rows, load, holds)
  for _, row in ipairs(rows) do
    if row.case.load:find(load) and not holds(row) then return false end
  end
  return true
end

-- Names the cases in which two of eight workers got 70 % or more.
local function uneven_cases(rows)
  local found = {}
  for _, row in ipairs(rows) do
    if row.top2 >= 70 then
      found[#found + 1] = string.format("%s: %.0f %%", row.label, row.top2)
    end
  end
  if #found == 0 then return "70 % or more: nowhere in this run" end
  return "70 % or more: " .. table.concat(found, "; ")
end

-- The number of responses of each worker, in descending order.
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
    connections", and give this as the reason why the primary of Node hands out
    connections itself. Is this true here? Eight workers share the work in five
    ways, at low load and when all of them are busy, with new connections and
    with twelve connections that are kept alive.
  ]],

  prediction = [[
    Jain's index measures how fair the shares x are: it is 1 if all shares are
    equal, and 1/n if one worker has everything:

        J = (sum x)^2 / (n * sum x^2)

    rr deals connections out one by one, so J = 1 if each connection carries one
    request. A kept-alive connection is assigned once and stays with its worker,
    so twelve of them are 2 2 2 2 1 1 1 1 connections. At low load the responses
    follow the connections, so J = 0.9 at best, and less if connections arrive
    before all workers are online. At saturation each worker with at least one
    connection works all the time, so J = 1 if each of them has one. By request,
    J = 1 whatever the clients do.

    A shared listener wakes all waiting workers, and the first one to run gets
    the connection. This is uneven while most workers are idle. With new
    connections it is more even when all workers are busy, because the next
    worker that becomes free then takes the next connection. Kept-alive
    connections do not get that second chance: all twelve arrive at the start,
    while the workers are idle, and a worker that got none of them stays idle at
    any load. reuseport chooses at random (by a hash of
    the addresses), so shares are even only in the long run.

    Low load is 80 requests a second, each of 1 ms of processor time. At
    saturation each client sends its next request as soon as the last one is
    answered, so that there are always more requests in progress (rate times
    mean latency, Little's law) than workers.
  ]],

  experiment = {
    -- The worker does the work, so that the workers become saturated.
    target = { url = "http://127.0.0.1:0/?spin=1ms" },
    run = { baseline = 0, duration = "1300ms", recovery = 0 },
  },

  cases = cases,

  columns = {
    { key = "rate", title = "responses/s", format = "%.0f",
      measure = function(run)
        return run.phases.fault.ok * 1e6 / run.phases.fault.duration_us
      end },
    { key = "in_progress", title = "in progress", format = "%.1f",
      measure = function(run, case, rows)
        return rows[case.name].rate * run.phases.fault.latency_us.mean / 1e6
      end },
    { key = "jain", title = "Jain's index", format = "%.2f",
      measure = function(run) return stats.jain(shares(run)) end,
      predict = function(case)
        if case.schedule == "by request" then return 1 end
        if case.schedule ~= "rr" then return nil end
        return case.load == "low, 12 kept" and 0.9 or 1
      end },
    { key = "top2", title = "two busiest workers, %", format = "%.0f",
      measure = function(run)
        local list = shares(run)
        return 100 * ((list[1] or 0) + (list[2] or 0)) / stats.sum(list)
      end },
    { key = "busiest", title = "busiest worker, %", format = "%.0f",
      measure = function(run)
        local list = shares(run)
        return 100 * (list[1] or 0) / stats.sum(list)
      end },
  },

  plots = {
    { title = "Share of the two busiest of eight workers, %", kind = "bars",
      y = "top2" },
  },

  sample_lines = function(runs)
    local lines = { "responses of each worker, in descending order:" }
    for _, row in ipairs(cases) do
      lines[#lines + 1] = string.format("%-31s %s", row.label,
        table.concat(shares(runs[row.name]), " "))
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "at saturation there are more requests in progress than workers, and " ..
      "more than at low load", function(rows)
        return all_with_load(rows, "low", function(row)
          local full = rows[row.name:gsub("low", "full")]
          return full.in_progress > workers
            and row.in_progress < 0.8 * full.in_progress
        end)
      end },
    { "rr is even if each connection carries one request, at low load and " ..
      "at saturation",
      function(rows)
        -- Not 1: a worker that comes online late has missed some connections.
        return rows["rr-low-new"].jain > 0.85 and rows["rr-full-new"].jain > 0.85
      end },
    { "at low load, two of eight workers get more from a shared listener " ..
      "than from rr with new connections, and than from handoff by request " ..
      "with kept ones", function(rows)
        return rows["shared-low-new"].top2 > rows["rr-low-new"].top2
          and rows["shared-low-kept"].top2 > 1.2 * rows["request-low-kept"].top2
      end },
    { "with new connections they get less from a shared listener at " ..
      "saturation than at low load", function(rows)
        return rows["shared-full-new"].top2 < rows["shared-low-new"].top2
      end },
    { "with kept connections a shared listener stays less even than handoff " ..
      "by request, also at saturation", function(rows)
        return rows["shared-full-kept"].jain < rows["request-full-kept"].jain
      end },
    { "reuseport is less even than rr", function(rows)
        return rows["reuseport-low-new"].jain < rows["rr-low-new"].jain
      end },
    { "with twelve kept connections, handoff by request is even at both " ..
      "loads, and more even than handoff by connection",
      function(rows)
        return rows["request-low-kept"].jain > 0.95
          and rows["request-full-kept"].jain > 0.85
          and rows["rr-low-kept"].jain < rows["request-low-kept"].jain
      end },
    { '"two of eight get 70 %" is never true of rr or handoff by request if ' ..
      "each connection carries one request", function(rows)
        return all_with_load(rows, "new", function(row)
          return row.case.schedule ~= "rr" and row.case.schedule ~= "by request"
            or row.top2 < 40
        end), uneven_cases(rows)
      end },
  },

  learn = [[
    When workers accept connections themselves, the fastest worker gets the
    work: at low load the same few workers get most of it. When all are busy,
    the next free worker takes the next new connection, so the shares come
    closer; connections that are kept alive stay where they are.
    rr is even by the number of connections; reuseport is even only in the long
    run. A kept-alive connection stays with the worker that got it, so handing
    out single requests is the only way that stays even whatever the clients do.
  ]],

  try = [[
    `workers`, and the `loads` at the top. `sleep=` instead of `spin=` in the
    URL. Remove `--max-starting`: where do twelve connections go that arrive
    while only the first workers are online?
  ]],
}
