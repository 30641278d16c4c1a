-- SPDX-License-Identifier: MIT
-- Lesson 13: whether a clean stop is worth its time.

local workers, work_ms, rate, every_ms = 4, 300, 10, 200

local function case(name, label, fault)
  return {
    name = name,
    label = label,
    experiment = { ["fault renew"] = fault },
  }
end

-- Seconds from the reload or the first kill until all earlier workers have
-- exited and as many new ones are online; nil if this does not happen.
local function renewal(run)
  local began, old, online, last = nil, {}, {}, nil
  for _, event in ipairs(run.log) do
    if not began and (event.event == "reload" or
       (event.event == "exit" and event.signal == "SIGKILL")) then
      began = event.time
      for pid in pairs(online) do old[pid] = true end
    end
    if event.event == "online" then
      online[event.pid] = true
      if began then last = event.time end
    elseif event.event == "exit" then
      online[event.pid] = nil
      old[event.pid] = nil
      if began then last = event.time end
    end
    if event.event == "shutdown" then break end
    if began and next(old) == nil then
      local count = 0
      for _ in pairs(online) do count = count + 1 end
      if count >= workers then return last - began end
    end
  end
  return nil
end

-- The capacity that is missing until all workers are new: the sum, over all
-- workers, of the seconds in which the worker takes no new request, because it
-- is drained, dead or starting; nil if the renewal does not end.
local function missing(run)
  local began, usable, sum, at = nil, {}, 0, nil
  local seconds = renewal(run)
  if not seconds then return nil end
  for _, event in ipairs(run.log) do
    local count = 0
    for _ in pairs(usable) do count = count + 1 end
    if began and event.time then
      local until_s = math.min(event.time, began + seconds)
      sum = sum + math.max(0, workers - count) * math.max(0, until_s - at)
      at = until_s
    end
    if not began and (event.event == "reload" or
       (event.event == "exit" and event.signal == "SIGKILL")) then
      began, at = event.time, event.time
    end
    if event.event == "online" then usable[event.pid] = true
    elseif event.event == "disconnect" or event.event == "exit" then
      usable[event.pid] = nil
    end
  end
  return sum
end

return {
  title = "Clean stop or crash-only?",

  question = [[
    All workers have to be replaced, and most of them are handling a request of
    300 ms. The clean way (a reload, SIGUSR2) asks one worker after the other to
    exit, and waits until it has answered its request. The other way is SIGKILL:
    for one worker after the other, or for all at once. How long does each way
    take, how much capacity is missing meanwhile, and what does it cost?
  ]],

  prediction = [[
    A drained worker exits when its request is answered, after w / 2 on average,
    if it has one. The workers exit one after the other so that the service
    never stops. With r requests a second, r w of the n workers have a request:

        clean  =  r w * w / 2 on average, n * w at most, and n forks

    Only one worker is missing at a time, for that time in total. A kill waits
    for nothing. Requests in progress are retried by a new worker, so a client
    waits for at most another w, and no request is lost because the supervisor
    kept the connections:

        all at once   =  the time of n forks; all n workers are missing for it
        one by one    =  as long as the interval of the kills makes it; one
                         worker is missing for one fork, n times

    This is the argument for *crash-only software*: if recovery is correct, the
    crash is the faster stop, and only one way of stopping has to be correct.
  ]],

  experiment = {
    target = {
      start = "build/supervisor -l 127.0.0.1:0 -s 0 -w " .. workers ..
              " --exit-after 0 --handoff request --log-format json" ..
              " --queue-timeout 60s",
      url = "http://127.0.0.1:0/?sleep=" .. work_ms .. "ms",
    },
    load = { rate = rate, ["new-connections"] = "50%", timeout = "10s" },
    run = { baseline = 0, duration = "4s", recovery = 0 },
  },

  cases = {
    case("clean", "reload: one by one, drained",
         { victim = "root", signal = "USR2", schedule = "once", interval = "1s" }),
    case("crash", "SIGKILL for all",
         { victim = "all", signal = "KILL", schedule = "once", interval = "1s" }),
    case("rolling", "SIGKILL, one by one",
         { signal = "KILL", schedule = "rolling", count = workers,
           interval = every_ms .. "ms" }),
  },

  columns = {
    { key = "seconds", title = "replaced after, s", format = "%.3f",
      measure = renewal,
      predict = function(case)
        if case.name == "clean" then return rate * (work_ms / 1000) ^ 2 / 2 end
        return case.name == "rolling" and (workers - 1) * every_ms / 1000 or nil
      end },
    { key = "missing", title = "missing, worker seconds", format = "%.3f",
      measure = missing,
      predict = function(case)
        return case.name == "clean" and rate * (work_ms / 1000) ^ 2 / 2 or nil
      end },
    { key = "lost", title = "requests lost", format = "%d",
      measure = function(run) return run.phases.fault.lost end,
      predict = function() return 0 end },
    { key = "again", title = "retried", format = "%d",
      measure = function(run) return run.totals.answered_after_retry end },
    { key = "p50", title = "p50, ms", format = "%.0f",
      measure = function(run) local us = run.phases.fault.latency_us.p50; return us and us / 1000 end,
      predict = function() return work_ms end },
    { key = "max", title = "max, ms", format = "%.0f",
      measure = function(run) local us = run.phases.fault.latency_us.max; return us and us / 1000 end,
      predict = function(case) return case.name ~= "clean" and 2 * work_ms or nil end },
  },

  plots = {
    { title = "Seconds until all workers are new", kind = "bars", y = "seconds" },
    { title = "Capacity that is missing, worker seconds", kind = "bars",
      y = "missing" },
    { title = "Responses, over time", kind = "series", y = "ok",
      y_label = "responses/s" },
  },

  expect = {
    { "each way replaces every worker", function(rows)
        return stats.every(rows, function(row) return row.seconds ~= nil end)
      end },
    { "killing all is the fastest", function(rows)
        return rows.crash.seconds < rows.clean.seconds
          and rows.crash.seconds < rows.rolling.seconds
      end },
    { "killing one by one misses less capacity than the clean stop",
      function(rows) return rows.rolling.missing < rows.clean.missing end },
    { "no way loses a request", function(rows)
        return stats.every(rows, function(row) return row.lost == 0 end)
      end },
    { "the clean stop retries no request; the crashes do", function(rows)
        return rows.clean.again == 0 and rows.crash.again > 0
          and rows.rolling.again > 0
      end },
  },

  learn = [[
    If a crash loses nothing, the only benefit of a clean stop is that no work
    is done twice, and its cost is time, in which a draining worker takes no new
    request. This is worthwhile for work that is
    expensive or must not run twice (a POST gets 502 from the crash). For
    everything else the crash is simpler and faster, and it is exercised every
    day. A clean stop that is never exercised is a second way to fail.
  ]],

  try = [[
    `methods = "POST"` in `load`: the crash then costs 502 responses. `work_ms`:
    the time of the clean stop grows with it, the time of the crash does not.
  ]],
}
