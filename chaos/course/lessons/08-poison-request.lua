-- SPDX-License-Identifier: MIT
-- Lesson 8: a request that kills every worker that handles it.

local rate, share = 180, 0.01

-- The number of different requests with the same request line that must crash
-- workers before the supervisor refuses the line
-- (BLAME_LINE_REQUESTS_MIN in supervisor/policy/blame.h).
local line_requests = 3

local function case(name, label, attempts, quarantine)
  return {
    name = name,
    label = label,
    attempts = attempts,
    quarantine = quarantine ~= "0",
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -w 4 -s 1 --exit-after 0" ..
                " --log-format json --faults --handoff connection" ..
                " --max-attempts " .. attempts .. " --quarantine " .. quarantine,
      },
    },
  }
end

local function deaths(run)
  return #stats.events(run, { event = "exit", signal = "SIGSEGV" })
end

return {
  title = "The poison request",

  question = [[
    One request in a hundred makes its worker crash (`fault=segv`). The
    supervisor can hand the request to another worker, which then crashes too.
    What do all other requests notice if such a request is never tried again,
    tried again and again, tried twice, or tried twice and then remembered?
  ]],

  prediction = [[
    A request that always kills costs as many workers as it has attempts:

        deaths = poison requests * attempts

    With an unlimited number of attempts, each poison request kills workers as
    long as it exists: a crash loop caused by a request. A worker that retries a
    suspect request must hold nothing else, so suspect requests wait for each
    other, but other requests do not wait for them. A request that has used up
    its attempts is remembered, and refused when it comes again. Here the poison
    requests differ, because each has its own token in a header. So each of them
    costs its attempts, until three different requests with the same request
    line have crashed workers. Then the request line is refused, and the number
    of deaths no longer grows with the number of poison requests:

        deaths = 3 * attempts    (for each request line, each quarantine)

    A worker that dies before it has answered anything counts as a failure.
    Enough failures are a crash loop, and then the restarts of healthy workers
    are delayed too, and all requests with them.
  ]],

  experiment = {
    target = { url = "http://127.0.0.1:0/" },
    load = { rate = rate, ["new-connections"] = "50%", token = "header", timeout = "3s" },
    ["fault poison"] = { kind = "request", query = "fault=segv", share = share },
    run = { baseline = 0, duration = "4s", recovery = 0 },
  },

  cases = {
    case("once", "never again", 1, "0"),
    case("endless", "again and again", 200, "0"),
    case("twice", "twice", 2, "0"),
    case("remembered", "twice, remembered", 2, "60s"),
  },

  columns = {
    { key = "poison", title = "poison requests", format = "%d",
      measure = function(run) return run.fault_requests.requests end },
    { key = "deaths", title = "workers killed", format = "%d",
      measure = deaths,
      predict = function(case, rows)
        if case.attempts == 200 then return nil end
        local poison = rows[case.name].poison
        if case.quarantine then poison = math.min(poison, line_requests) end
        return case.attempts * poison
      end },
    { key = "availability", title = "availability of others", format = "%.4f",
      measure = function(run) return run.phases.fault.availability end,
      predict = function(case) return case.attempts < 200 and 1 or nil end },
    { key = "unanswered", title = "others not answered, %", format = "%.1f",
      measure = function(run)
        return 100 * (1 - run.phases.fault.availability)
      end },
    { key = "p99", title = "p99 of answered others, ms", format = "%.1f",
      measure = function(run)
        local us = run.phases.fault.latency_us["p99"]; return us and us / 1000
      end },
    { key = "cpu", title = "processor time, ms", format = "%.0f",
      measure = function(run) return run.usage.cpu_ms end },
  },

  plots = {
    { title = "Workers killed", kind = "bars", y = "deaths", log = true },
    { title = "Other requests that were not answered, %", kind = "bars",
      y = "unanswered" },
  },

  sample_lines = function(runs)
    local lines, kinds = {}, { exit = 3, refuse = 3, quarantine = 4, ["crash-loop"] = 1 }
    for _, event in ipairs(runs.remembered.log) do
      local left = kinds[event.event]
      -- The exits at the end of the run belong to the shutdown.
      if left and left > 0 and event.cause ~= "supervisor" then
        kinds[event.event] = left - 1
        if event.event == "exit" then
          lines[#lines + 1] = string.format(
            "worker %s pid %d exited: signal %s, while handling %s; cause: %s",
            event.slot or "-", event.pid, event.signal or "null",
            event.request or "nothing", event.cause)
        elseif event.event == "refuse" then
          lines[#lines + 1] = string.format("refused with %d: %s",
            event.status, event.why)
        elseif event.event == "quarantine" then
          lines[#lines + 1] = string.format("quarantine of the %s: %s",
            event.scope, event.request)
        end
      end
    end
    return table.concat(lines, "\n")
  end,

  expect = {
    { "other requests are not lost if it is tried at most twice", function(rows)
        return rows.once.availability == 1 and rows.twice.availability == 1
          and rows.remembered.availability == 1
      end },
    { "two attempts cost about twice as many workers as one", function(rows)
        return rows.twice.deaths / rows.twice.poison
          > 1.5 * rows.once.deaths / rows.once.poison
      end },
    { "with unlimited attempts many more workers die, or their crash loop " ..
      "takes the service down", function(rows)
        return rows.endless.availability < 0.99
          or rows.endless.deaths / rows.endless.poison
            > 2 * rows.twice.deaths / rows.twice.poison
      end },
    { "if remembered, they kill at most as many workers as three of them, " ..
      "plus two for requests already in progress",
      function(rows)
        local max = 2 * line_requests
        return rows.remembered.deaths <= max + 2
          and (rows.twice.poison <= line_requests + 1
            or rows.remembered.deaths < rows.twice.deaths)
      end },
  },

  learn = [[
    A retry is a bet that the request did not cause the crash. Against a poison
    request, each further bet kills one more worker. Two attempts distinguish an
    unlucky request from a poison request, retrying it alone protects other
    requests, and remembering it for a while makes the cost constant. To
    remember only the request line would be cheaper, but one bad header would
    then refuse the requests of all clients with that line. So the line is
    refused only after several different requests with it have crashed workers.
    None of this repairs the handler: the log names the request line to
    investigate.
  ]],

  try = [[
    `share` at the top. `fault=hang` instead of `fault=segv` (with a
    `--request-timeout` of 300ms): each attempt then costs that time as well.
    `--max-kills`: how many kills from outside a request survives.
  ]],
}
