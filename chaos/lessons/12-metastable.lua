-- Lesson 12: an outage that outlives its cause.

local workers, work_ms, trigger_s = 4, 20, 0.5
local capacity = workers * 1000 / work_ms
local storm_s, timeout_ms = 3, 250

local policies = {
  { name = "no", label = "no retries", retries = 0 },
  { name = "three", label = "3 retries", retries = 3 },
  { name = "budget", label = "3 retries, budget 10 %", retries = 3, budget = 0.1 },
}

local cases = {}
for _, policy in ipairs(policies) do
  for _, load in ipairs { 40, 70, 90 } do
    cases[#cases + 1] = {
      name = policy.name .. "-" .. load,
      label = load .. " % load, " .. policy.label,
      load = load,
      policy = policy.label,
      retries = policy.retries,
      budget = policy.budget,
      void_ok = true, -- what is lost here is the finding
      experiment = {
        load = {
          rate = capacity * load / 100,
          retries = policy.retries,
          ["retry-budget"] = policy.budget or 0,
        },
      },
    }
  end
end

-- How long the backlog of the trigger takes to go: what came meanwhile, at the
-- speed that the load leaves.  Nil: never.
local function back_after(case)
  local load = case.load / 100
  local again = case.budget and 1 + case.budget or 1 + case.retries
  if load * again >= 1 then return nil end
  return trigger_s * load / (1 - load)
end

return {
  title = "The metastable failure",

  question = [[
    For half a second all workers are killed again and again. Then the killing
    stops. Does the service come back? Clients give up after 250 ms; some try
    again, up to three times. The load is 40, 70 or 90 % of what the workers can
    do.
  ]],

  prediction = [[
    While nobody serves, requests queue. Afterwards the queue shrinks only by
    what the load leaves free, so with a share u of the capacity in use and an
    outage of T

        back after  T u / (1 - u)

    and whoever waits longer than the clients' patience is served for nothing:
    the answer finds nobody. If those who gave up ask again, r times each, the
    load is u (1 + r) for as long as requests time out, and if that is above 1
    the queue never shrinks. The cause is gone, the outage feeds itself: a
    *metastable failure*. A *retry budget* (retries are at most a tenth of the
    requests) keeps the load at 1.1 u, below 1 wherever u is.
  ]],

  experiment = {
    target = {
      start = "build/supervisor -l 127.0.0.1:0 -w " .. workers .. " -s 0" ..
              " --exit-after 0 --hand-over request --log-format json" ..
              " --queue-timeout 60s --drain-timeout 100ms --max-kills 200" ..
              " --restart-intensity 1000/1ms --backoff none",
      url = "http://127.0.0.1:0/?sleep=" .. work_ms .. "ms",
      grace = "1s",
    },
    load = { new = "100%", connections = 4000, timeout = timeout_ms .. "ms" },
    ["fault kill"] = { victim = "all", interval = "10ms",
                       ["until"] = trigger_s * 1000 .. "ms" },
    run = { ["warm-up"] = "500ms", duration = storm_s .. "s", ["cool-down"] = 0 },
  },

  cases = cases,

  columns = {
    { key = "before", title = "goodput before, %", format = "%.0f",
      measure = function(run, case)
        return 100 * stats.rate(run, "ok", -0.4, 0) / (capacity * case.load / 100)
      end },
    { key = "after", title = "goodput at the end, %", format = "%.0f",
      measure = function(run, case)
        return 100 * stats.rate(run, "ok", storm_s - 1, storm_s)
          / (capacity * case.load / 100)
      end,
      predict = function(case)
        local back = back_after(case)
        return (back and trigger_s + back < storm_s - 1) and 100 or 0
      end },
    { key = "back", title = "back after, s", format = "%.1f",
      measure = function(run, case)
        for tenths = trigger_s * 10, storm_s * 10 - 3 do
          local at = tenths / 10
          if stats.rate(run, "ok", at, at + 0.3) >= 0.8 * capacity * case.load / 100 then
            return at - trigger_s
          end
        end
        return nil
      end,
      predict = back_after },
  },

  plots = {
    { title = "Goodput at the end, % of the load", kind = "lines", x = "load",
      y = "after", by = "policy", x_label = "load, % of the capacity",
      y_label = "%" },
    { title = "Answers in time, over time, at 40 % load", kind = "series",
      y = "ok", cases = { "no-40", "three-40", "budget-40" },
      y_label = "answers/s" },
  },

  expect = {
    { "at 40 % without retries the service comes back by itself", function(rows)
        return rows["no-40"].after > 80
      end },
    { "at 40 % with three retries it does not, long after the last kill",
      function(rows) return rows["three-40"].after < 30 end },
    { "a retry budget brings it back at 40 %", function(rows)
        return rows["budget-40"].after > 80
      end },
    { "before the trigger all of them were well: the same load, two states",
      function(rows)
        return rows["three-40"].before > 80
      end },
  },

  learn = [[
    At the same load a system can have two states, and a short trigger may carry
    it into the bad one for good: restarts bring back the workers, not the
    service. What keeps it there is work for clients that have left, and retries
    feed that. A budget for retries, a queue that is emptied of those who gave
    up, and head room are the cures; more restarts are not.
  ]],

  try = [[
    `--queue-timeout 200ms` in `start`: a queue that forgets those who waited
    too long, and answers 503 at once. `trigger_s`: how short may it be? In
    `load`, `["retry-delay"] = "500ms"`.
  ]],
}
