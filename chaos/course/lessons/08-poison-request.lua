-- Lesson 8: one request that kills whoever reads it.

local rate, share = 180, 0.01

-- Different requests with one line that must crash workers before the line
-- itself is refused (BLAME_LINE_REQUESTS_MIN in supervisor/policy/blame.h).
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
    supervisor can hand it to another worker, which then crashes too. What do
    all the others notice, when such a request is never tried again, again and
    again, twice, or twice and then remembered?
  ]],

  prediction = [[
    A request that always kills costs as many workers as it has attempts:

        deaths = poison requests * attempts

    With attempts without end each of them kills for as long as it lives: a
    crash loop by request. Who is to try a suspect again must hold nothing else,
    so the suspects wait for each other, not the others for them. A request that
    has used up its attempts is remembered, and refused when it comes again. The
    poison requests here differ: each has a token of its own in a header. So
    each of them costs its attempts, until three different ones with the same
    request line have crashed workers; then the line is refused, and the deaths
    no longer grow with the poison:

        deaths = 3 * attempts    (for each request line, each quarantine)

    A worker that dies before it answered anything has failed: enough of them
    are a crash loop, and then even good restarts wait, and everybody with them.
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
    { key = "deaths", title = "workers dead", format = "%d",
      measure = deaths,
      predict = function(case, rows)
        if case.attempts == 200 then return nil end
        local poison = rows[case.name].poison
        if case.quarantine then poison = math.min(poison, line_requests) end
        return case.attempts * poison
      end },
    { key = "availability", title = "the others' availability", format = "%.4f",
      measure = function(run) return run.phases.fault.availability end,
      predict = function(case) return case.attempts < 200 and 1 or nil end },
    { key = "p99", title = "the others' p99, ms", format = "%.1f",
      measure = function(run)
        local us = run.phases.fault.latency_us["p99"]; return us and us / 1000
      end },
    { key = "cpu", title = "processor, ms", format = "%.0f",
      measure = function(run) return run.usage.cpu_ms end },
  },

  plots = {
    { title = "Workers that died", kind = "bars", y = "deaths", log = true },
    { title = "The others' p99, ms", kind = "bars", y = "p99", log = true },
  },

  sample_lines = function(runs)
    local lines, kinds = {}, { exit = 3, refuse = 3, quarantine = 4, ["crash-loop"] = 1 }
    for _, event in ipairs(runs.remembered.log) do
      local left = kinds[event.event]
      if left and left > 0 then
        kinds[event.event] = left - 1
        if event.event == "exit" then
          lines[#lines + 1] = string.format(
            "worker %s pid %d exited: signal %s, with %s in hand; cause: %s",
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
    { "the others lose nothing when it is tried at most twice", function(rows)
        return rows.once.availability == 1 and rows.twice.availability == 1
          and rows.remembered.availability == 1
      end },
    { "twice costs twice the workers of once", function(rows)
        return rows.twice.deaths / rows.twice.poison
          > 1.5 * rows.once.deaths / rows.once.poison
      end },
    { "without end many more workers die, or the crash loop they make takes " ..
      "everybody down", function(rows)
        return rows.endless.availability < 0.99
          or rows.endless.deaths / rows.endless.poison
            > 2 * rows.twice.deaths / rows.twice.poison
      end },
    { "remembered, they kill no more than three of them do, and those under way",
      function(rows)
        local most = 2 * line_requests
        return rows.remembered.deaths <= most + 2
          and (rows.twice.poison <= line_requests + 1
            or rows.remembered.deaths < rows.twice.deaths)
      end },
  },

  learn = [[
    A retry is a bet that the request was not the culprit, and against a poison
    request each further bet kills one more worker. Two attempts tell an unlucky
    request from a guilty one; trying it alone keeps its neighbours out of it;
    and remembering it for a while makes the cost constant. To remember only its
    request line would be cheaper, and would refuse everybody's requests with
    that line for one bad header: so the line is refused only after several
    different requests with it crashed workers. None of this repairs the handler:
    the log names the request line that has to be looked at.
  ]],

  try = [[
    `share` at the top. `fault=hang` instead of `fault=segv` (and a
    `--request-timeout` of 300ms): then each attempt costs that much time as
    well. `--max-kills`: what is forgiven to kills from outside.
  ]],
}
