-- SPDX-License-Identifier: MIT
-- Lesson 12: an outage that outlives its cause.

local workers, work_ms, trigger_s = 8, 40, 2
local patience_ms, queue_s = 250, 0.5
-- The share of the measured capacity that counts as full load.  The rest is
-- reserved for a machine that becomes busier during the lesson.
local margin = 0.95

-- Policies: label, retries per request, and retry budget (share of requests).
local none, once, thrice = { "no retries", 0 }, { "1 retry", 1 }, { "3 retries", 3 }
local frugal = { "3 retries, budget 10 %", 3, 0.1 }

-- Policy, load, and `after_s`, the time to observe after the last kill.  Not
-- every policy is run at every load: a policy that is fatal at one load is
-- fatal at any higher one, and with a budget of 10 % one retry and three are
-- the same.
local plan = {
  { none, 40, 1.2 }, { none, 70, 2.2 }, { none, 90, 3.2 },
  { once, 40, 2.8 }, { once, 70, 1.2 },
  { thrice, 40, 1.2 }, { thrice, 70, 1.2 }, { thrice, 90, 1.2 },
  { frugal, 40, 1.2 }, { frugal, 70, 2.6 },
}

local cases = { {
  name = "capacity", label = "capacity: closed loop", measures = true,
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
    inconclusive_ok = true, -- the losses are the result
    experiment = {
      load = { retries = policy[2], ["retry-budget"] = policy[3] or 0 },
      run = { duration = trigger_s + after_s .. "s" },
    },
  }
end

-- The requests per second that a case offers.
local function rate_of(case, rows)
  return rows.capacity.throughput * margin * case.load / 100
end

-- The load when every permitted retry is made, as a multiple of the capacity.
local function effort(case)
  return margin * case.load / 100 * (1 + (case.budget or case.retries))
end

-- Seconds until a request waits so briefly that its client still gets the
-- response; nil for never.  The capacity that the load leaves free shortens the
-- wait.
local function back_after(case)
  local load = effort(case)
  local in_time_s = (patience_ms - work_ms) / 1000
  if load >= 1 then return nil end
  return math.max(0, (queue_s * load - in_time_s) / (1 - load))
end

-- The percentage of due requests that were answered in time, between two
-- instants in seconds after the first kill.
local function goodput(run, case, rows, from_s, to_s)
  return 100 * stats.rate(run, "ok", from_s, to_s) / rate_of(case, rows)
end

local function before(run, case, rows)
  return goodput(run, case, rows, -0.4, 0)
end

-- A column for all cases except the capacity measurement.
local function except_capacity(measure)
  return function(run, case, rows)
    if case.measures then return nil end
    return measure(run, case, rows)
  end
end

return {
  title = "The metastable failure",

  question = [[
    For two seconds all workers are killed again and again. Then the killing
    stops. Does the service come back? Clients give up after 250 ms. Some of
    them try again, once or up to three times. The load is 40, 70 or 90 % of the
    capacity of the workers.
  ]],

  prediction = [[
    While no worker serves, requests queue; the queue keeps each request for Q =
    500 ms. If the clients offer a share u of the capacity, and retry r times
    after they have given up, the incoming work is

        e = u (1 + r)     with a retry budget b:  e = u (1 + b)

    as long as requests time out. So when the killing ends, a new request waits
    for Q e, the work of the requests before it. Only the capacity that e leaves
    free shortens this wait, by 1 - e per second. A response is in time again
    once the wait is at most P - w, the patience of P = 250 ms less the work of
    w = 40 ms:

        back after  (Q e - (P - w)) / (1 - e)     if e < 1, at least 0
        never                                     if e > 1

    Until then every request waits longer than its client does, and the work on
    it is wasted: the client has gone before the response is sent. If e > 1, the
    outage sustains itself after its cause has gone: a *metastable failure*. So
    at some loads two states are stable: the good one until a trigger ends it,
    and the bad one from then on (*hysteresis*). (The actual loads are ]] ..
    margin * 100 .. [[ % of the loads named above, of a capacity that is
    measured first.)
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
    -- The interval is shorter than a request, so none is answered.
    ["fault kill"] = { victim = "all", interval = work_ms // 2 .. "ms",
                       ["end"] = trigger_s .. "s" },
    run = { baseline = "600ms", recovery = 0 },
  },

  cases = cases,

  adapt = function(case, rows)
    if case.measures then return nil end
    return { load = { rate = rate_of(case, rows) } }
  end,

  -- A service that failed before the trigger proves nothing about it.
  sound = function(run, case, rows)
    if case.measures then return true end
    local percent = before(run, case, rows)
    return percent >= 85,
      string.format("the goodput was %.0f %% before the first kill", percent)
  end,

  columns = {
    { key = "throughput", title = "responses/s", format = "%.0f",
      measure = function(run, case)
        if not case.measures then return nil end
        return run.phases.fault.ok * 1e6 / run.phases.fault.duration_us
      end,
      predict = function(case)
        return case.measures and workers * 1000 / work_ms or nil
      end },
    { key = "effort", title = "e", format = "%.2f",
      measure = except_capacity(function(_, case) return effort(case) end) },
    { key = "before", title = "goodput before, %", format = "%.0f",
      measure = except_capacity(before),
      predict = function(case) return not case.measures and 100 or nil end },
    { key = "during", title = "during, %", format = "%.0f",
      measure = except_capacity(function(run, case, rows)
        return goodput(run, case, rows, 0.5, trigger_s)
      end),
      predict = function(case) return not case.measures and 0 or nil end },
    { key = "after", title = "at the end, %", format = "%.0f",
      measure = except_capacity(function(run, case, rows)
        return goodput(run, case, rows, case.fault_s - 0.5, case.fault_s)
      end),
      predict = function(case)
        if case.measures then return nil end
        local back = back_after(case)
        return back and trigger_s + back < case.fault_s - 0.5 and 100 or 0
      end },
    { key = "back", title = "back after, s", format = "%.1f",
      measure = except_capacity(function(run, case, rows)
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
    { title = "Hysteresis: goodput before the trigger and at the end, " ..
              "with 3 retries", kind = "lines", x = "load",
      y = { "before", "after" }, x_label = "load, % of the capacity",
      y_label = "%", cases = { "3-retries-40", "3-retries-70", "3-retries-90" } },
    { title = "Goodput at the end, %", kind = "bars", y = "after",
      cases = { "no-retries-40", "no-retries-70", "no-retries-90",
                "1-retry-40", "1-retry-70", "3-retries-40", "3-retries-70",
                "3-retries-90", "3-retries-budget-10-40",
                "3-retries-budget-10-70" } },
    { title = "Responses in time, at 40 % load", kind = "series", y = "ok",
      cases = { "no-retries-40", "1-retry-40", "3-retries-40" },
      y_label = "responses/s" },
  },

  expect = {
    { "while workers are killed no request is answered", function(rows)
        for _, row in ipairs(rows) do
          if row.during and row.during > 20 then return false end
        end
        return true
      end },
    { "without retries the service comes back at 40 and 70 %",
      function(rows)
        return rows["no-retries-40"].after > 80
          and rows["no-retries-70"].after > 80
      end },
    { "with one retry it comes back at 40 %, but not at 70 %: e crosses 1 " ..
      "in between",
      function(rows)
        return rows["1-retry-40"].after > 80 and rows["1-retry-70"].after < 30
      end },
    { "with three retries it serves each load before the trigger, but not " ..
      "after it, at 40, 70 and 90 %", function(rows)
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
    { "below e = 1, a greater e takes longer to come back: 70 % longer than " ..
      "40 %, one retry longer than none", function(rows)
        local first = rows["no-retries-40"].back
        return first ~= nil and first <= (rows["no-retries-70"].back or 0)
          and first < (rows["1-retry-40"].back or 0)
      end },
  },

  learn = [[
    At the same load a system can have two stable states, and a trigger of two
    seconds can move it into the bad one permanently: restarts bring back the
    workers, but not the service. Work for clients that have left keeps the
    system in that state, and retries add to this work. The cures are a retry
    budget, a queue that drops requests of clients that gave up, and spare
    capacity. More restarts do not help.
  ]],

  try = [[
    `queue_s = 0.2`: a queue that drops requests before their clients give up.
    `trigger_s`: how short can it be? In `load`, `["retry-delay"] = "500ms"`.
  ]],
}
