-- Lesson 12: an outage that outlives its cause.

local workers, work_ms, trigger_s = 8, 40, 2
local patience_ms, queue_s = 250, 0.5
-- Wanted at most, of what was measured: the rest is for a machine that becomes
-- busier meanwhile.
local margin = 0.95

-- Policies: how often a client asks again, and which share of its requests.
local none, once, thrice = { "no retries", 0 }, { "1 retry", 1 }, { "3 retries", 3 }
local frugal = { "3 retries, budget 10 %", 3, 0.1 }

-- Not each policy at each load.  Where a policy is fatal it is more so at a
-- higher load; and a budget of a tenth makes one retry and three the same.
-- `after_s`: how long to look once the kills have stopped.
local plan = {
  { none, 40, 1.2 }, { none, 70, 2.2 }, { none, 90, 1.3 },
  { once, 40, 2.8 }, { once, 70, 1.2 },
  { thrice, 40, 1.2 }, { thrice, 70, 1.2 }, { thrice, 90, 1.2 },
  { frugal, 40, 1.2 }, { frugal, 70, 2.6 },
}

local cases = { {
  name = "capacity", label = "capacity: as many as it can", measures = true,
  experiment = {
    load = { closed = true, connections = 2 * workers, timeout = "5s" },
    run = { duration = "1s" },
    ["fault kill"] = false,
  },
} }
for _, cell in ipairs(plan) do
  local policy, load, after_s = table.unpack(cell)
  cases[#cases + 1] = {
    name = policy[1]:gsub("[^%w]+", "-"):gsub("-$", "") .. "-" .. load,
    label = load .. " % load, " .. policy[1],
    load = load, policy = policy[1],
    retries = policy[2], budget = policy[3],
    fault_s = trigger_s + after_s,
    inconclusive_ok = true, -- what is lost here is the finding
    experiment = {
      load = { retries = policy[2], ["retry-budget"] = policy[3] or 0 },
      run = { duration = trigger_s + after_s .. "s" },
    },
  }
end

-- Requests a second that a case offers: its share of what was measured.
local function rate_of(case, rows)
  return rows.capacity.throughput * margin * case.load / 100
end

-- The load once all ask again that may, in capacities.
local function effort(case)
  return margin * case.load / 100 * (1 + (case.budget or case.retries))
end

-- Seconds until what has queued is served, at the speed that the load leaves
-- free.  Nil: never.
local function back_after(case)
  local load = effort(case)
  return load < 1 and queue_s * load / (1 - load) or nil
end

-- Answers in time, of the requests that were due, in per cent; seconds from
-- the first kill.
local function goodput(run, case, rows, from_s, to_s)
  return 100 * stats.rate(run, "ok", from_s, to_s) / rate_of(case, rows)
end

local function before(run, case, rows)
  return goodput(run, case, rows, -0.4, 0)
end

-- A column of all cases but the first.
local function of_others(measure)
  return function(run, case, rows)
    if case.measures then return nil end
    return measure(run, case, rows)
  end
end

return {
  title = "The metastable failure",

  question = [[
    For two seconds all workers are killed again and again. Then the killing
    stops. Does the service come back? Clients give up after 250 ms; some try
    again, once or up to three times. The load is 40, 70 or 90 % of what the
    workers can do.
  ]],

  prediction = [[
    While nobody serves, requests queue; the queue keeps each for Q = 500 ms.
    If the clients ask for a share u of the capacity, and again r times when
    they have given up, the work that comes in is

        e = u (1 + r)     with a retry budget b:  e = u (1 + b)

    as long as requests time out. Afterwards the queue shrinks only by what e
    leaves free:

        back after  Q e / (1 - e)      if e < 1
        never                          if e > 1

    Until then whoever comes waits longer than the clients' patience and is
    served for nothing: the answer finds nobody. With e > 1 the cause is gone
    and the outage feeds itself: a *metastable failure*. So there are loads
    at which both states last, the good one until something pushes it over, and
    the bad one from then on: *hysteresis*. (The loads are ]] ..
    margin * 100 .. [[ % of those named, of a capacity that is measured first.)
  ]],

  experiment = {
    target = {
      start = "build/supervisor -l 127.0.0.1:0 -w " .. workers .. " -s 0" ..
              " --exit-after 0 --handoff request --log-format json" ..
              " --queue-timeout " .. queue_s * 1000 .. "ms" ..
              " --drain-timeout 100ms --max-kills 200 --max-starting 64" ..
              " --restart-intensity 1000/1ms --backoff none",
      url = "http://127.0.0.1:0/?sleep=" .. work_ms .. "ms",
      grace = "1s",
    },
    load = { ["new-connections"] = "100%", connections = 4000, timeout = patience_ms .. "ms" },
    -- Oftener than a request takes: none is answered meanwhile.
    ["fault kill"] = { victim = "all", interval = work_ms // 2 .. "ms",
                       ["end"] = trigger_s .. "s" },
    run = { baseline = "600ms", recovery = 0 },
  },

  cases = cases,

  adapt = function(case, rows)
    if case.measures then return nil end
    return { load = { rate = rate_of(case, rows) } }
  end,

  -- What was ill already proves nothing about the trigger.
  sound = function(run, case, rows)
    if case.measures then return true end
    local well = before(run, case, rows)
    return well >= 85,
      string.format("the goodput was %.0f %% before the first kill", well)
  end,

  columns = {
    { key = "throughput", title = "answers/s", format = "%.0f",
      measure = function(run, case)
        if not case.measures then return nil end
        return run.phases.fault.ok * 1e6 / run.phases.fault.duration_us
      end,
      predict = function(case)
        return case.measures and workers * 1000 / work_ms or nil
      end },
    { key = "effort", title = "e", format = "%.2f",
      measure = of_others(function(_, case) return effort(case) end) },
    { key = "before", title = "goodput before, %", format = "%.0f",
      measure = of_others(before),
      predict = function(case) return not case.measures and 100 or nil end },
    { key = "during", title = "during, %", format = "%.0f",
      measure = of_others(function(run, case, rows)
        return goodput(run, case, rows, 0.5, trigger_s)
      end),
      predict = function(case) return not case.measures and 0 or nil end },
    { key = "after", title = "at the end, %", format = "%.0f",
      measure = of_others(function(run, case, rows)
        return goodput(run, case, rows, case.fault_s - 0.5, case.fault_s)
      end),
      predict = function(case)
        if case.measures then return nil end
        local back = back_after(case)
        return back and trigger_s + back < case.fault_s - 0.5 and 100 or 0
      end },
    { key = "back", title = "back after, s", format = "%.1f",
      measure = of_others(function(run, case, rows)
        for tenths = trigger_s * 10, math.floor(case.fault_s * 10) - 3 do
          local at = tenths / 10
          if goodput(run, case, rows, at, at + 0.3) >= 80 then
            return at - trigger_s
          end
        end
        return nil
      end),
      predict = function(case)
        if case.measures then return nil end
        return back_after(case) or "never"
      end },
  },

  plots = {
    { title = "Hysteresis: goodput before and after the same two seconds, " ..
              "with 3 retries", kind = "lines", x = "load",
      y = { "before", "after" }, x_label = "load, % of the capacity",
      y_label = "%", cases = { "3-retries-40", "3-retries-70", "3-retries-90" } },
    { title = "Goodput at the end, %", kind = "bars", y = "after",
      cases = { "no-retries-40", "no-retries-70", "no-retries-90",
                "1-retry-40", "1-retry-70", "3-retries-40", "3-retries-70",
                "3-retries-90", "3-retries-budget-10-40",
                "3-retries-budget-10-70" } },
    { title = "Answers in time, at 40 % load", kind = "series", y = "ok",
      cases = { "no-retries-40", "1-retry-40", "3-retries-40" },
      y_label = "answers/s" },
  },

  expect = {
    { "while workers are killed nothing is answered", function(rows)
        for _, row in ipairs(rows) do
          if row.during and row.during > 20 then return false end
        end
        return true
      end },
    { "without retries the service comes back by itself at 40 and 70 %",
      function(rows)
        return rows["no-retries-40"].after > 80
          and rows["no-retries-70"].after > 80
      end },
    { "one retry: back at 40 %, not at 70 %, since e crosses 1 in between",
      function(rows)
        return rows["1-retry-40"].after > 80 and rows["1-retry-70"].after < 30
      end },
    { "three retries: the same load, well before and ill after, at 40, 70 " ..
      "and 90 %", function(rows)
        for _, load in ipairs { 40, 70, 90 } do
          local row = rows["3-retries-" .. load]
          if row.before < 80 or row.after > 30 then return false end
        end
        return true
      end },
    { "with a retry budget it comes back at 40 and 70 %", function(rows)
        return rows["3-retries-budget-10-40"].after > 80
          and rows["3-retries-budget-10-70"].after > 80
      end },
    { "the greater e is below 1, the later it is back: 40 % before 70 %, and " ..
      "no retry before one", function(rows)
        local first = rows["no-retries-40"].back
        return first ~= nil and first <= (rows["no-retries-70"].back or 0)
          and first < (rows["1-retry-40"].back or 0)
      end },
  },

  learn = [[
    At the same load a system can have two states, and a trigger of two seconds
    may carry it into the bad one for good: restarts bring back the workers, not
    the service. What keeps it there is work for clients that have left, and
    retries feed that. A budget for retries, a queue that is emptied of those
    who gave up, and head room are the cures; more restarts are not.
  ]],

  try = [[
    `queue_s = 0.2`: a queue that forgets whoever has waited longer than the
    clients do. `trigger_s`: how short may it be? In `load`,
    `["retry-delay"] = "500ms"`.
  ]],
}
