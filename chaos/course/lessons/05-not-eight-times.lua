-- SPDX-License-Identifier: MIT
-- Lesson 5: when more workers help.

local spin_ms, sleep_ms = 2, 20
local processors = machine.processors

-- Requests per second of n workers that do not interfere with each other.
local function ideal(kind, workers)
  if kind == "works" then return math.min(workers, processors) * 1000 / spin_ms end
  return workers * 1000 / sleep_ms
end

local function case(kind, workers)
  local query = kind == "works" and "spin=" .. spin_ms or "sleep=" .. sleep_ms
  return {
    name = kind .. "-" .. workers,
    label = kind .. ", " .. workers .. (workers == 1 and " worker" or " workers"),
    kind = kind,
    workers = workers,
    experiment = {
      target = {
        start = "build/supervisor -l 127.0.0.1:0 -s 0 --handoff request " ..
                "--exit-after 0 --log-format json -w " .. workers,
        url = "http://127.0.0.1:0/?" .. query .. "ms",
      },
    },
  }
end

local cases = {}
for _, kind in ipairs { "works", "waits" } do
  for _, workers in ipairs { 1, 2, 4, 8, 16 } do
    cases[#cases + 1] = case(kind, workers)
  end
end

local function fit(rows, kind)
  local points = {}
  for _, row in ipairs(rows) do
    if row.case.kind == kind then
      points[#points + 1] = { row.case.workers, row.throughput }
    end
  end
  return stats.fit_usl(points)
end

return {
  title = "Eight workers aren't eight times as fast",

  question = [[
    "Fork eight workers and the server is eight times as fast." Is this true?
    Two handlers are compared: one *works* (`spin=2ms`: two milliseconds of
    processor time), and one *waits* (`sleep=20ms`: for a database, for
    example). A worker handles one request at a time. There are 32 clients, and
    each sends its next request as soon as the last one is answered. How many
    requests do 1, 2, 4, 8 and 16 workers answer in a second?
  ]],

  prediction = [[
    Two different resources run out. A worker that waits for s seconds answers
    1/s requests a second and needs almost no processor time, so n of them
    answer n times as many:

        waits:  X(n) = n / s

    A worker that works for s seconds needs a processor for all of that time,
    and there are only P of them:

        works:  X(n) = min(n, P) / s

    This is the upper limit. Two effects keep workers that wait below it.
    Amdahl's law describes the share that only one process can do at a time,
    alpha (here: one supervisor hands out all requests). Gunther's universal
    scalability law adds what workers lose because they interfere with each
    other, beta:

        X(n) = gamma n / (1 + alpha (n - 1) + beta n (n - 1))

    The law is fitted to the workers that wait. The curve of the workers that
    work is flat from n = P on for another reason, the number of processors,
    which the law does not describe. The client needs processor time too, and uses the same processors: with few
    processors the limit is not reached.
  ]],

  experiment = {
    -- A closed loop of 32 clients: always as much load as the server can take.
    load = { closed = true, ["new-connections"] = "0%", connections = 32 },
    run = { baseline = 0, duration = "1800ms", recovery = 0 },
  },

  cases = cases,

  columns = {
    { key = "throughput", title = "responses/s", format = "%.0f",
      measure = function(run) return stats.rate(run, "ok", 0.3, 1.8) end,
      predict = function(case) return ideal(case.kind, case.workers) end },
    { key = "speedup", title = "speedup over one worker", format = "%.1f",
      measure = function(run, case, rows)
        return rows[case.name].throughput / rows[case.kind .. "-1"].throughput
      end,
      predict = function(case)
        return ideal(case.kind, case.workers) / ideal(case.kind, 1)
      end },
  },

  plots = {
    { title = "Throughput", kind = "lines", x = "workers", y = "throughput",
      by = "kind", x_label = "workers", y_label = "responses/s", log = true },
  },

  sample_lines = function(runs, rows)
    local law = fit(rows, "waits")
    return string.format("Gunther's law, fitted to the workers that wait:\n" ..
      "  gamma %.0f/s, alpha %.4f, beta %.5f, highest throughput with %s\n" ..
      "this machine: %d processors", law.gamma, law.alpha, law.beta,
      law.peak and string.format("%.0f workers", law.peak)
        or "any number of workers", processors)
  end,

  expect = {
    { "eight workers that wait answer at least 4 times as many as one",
      function(rows)
      return rows["waits-8"].throughput >= 4 * rows["waits-1"].throughput
    end },
    { "workers that work never exceed the limit set by the processors",
      function(rows)
        return stats.every(rows, function(row)
          return row.case.kind == "waits"
            or row.throughput <= 1.1 * row.predicted.throughput
        end)
      end },
    { "with fewer than eight processors, eight workers gain more if they " ..
      "wait than if they work", function(rows)
        return processors >= 8
          or rows["waits-8"].speedup > rows["works-8"].speedup
      end },
  },

  learn = [[
    "One worker per CPU" is right for handlers that work: the processors limit
    them, and more workers only queue for processors. A handler that waits is
    limited by the number of workers, until the supervisor, the client or the
    memory becomes the limit. So find out which kind of handler you have before
    you add workers.
  ]],

  try = [[
    `spin_ms` and `sleep_ms` at the top of the file. `--handoff connection`: a
    waiting worker then handles many requests at a time, as Node does, and one
    worker is enough. Or `taskset -c 0 build/chaos lesson not-eight-times`: one
    processor.
  ]],
}
