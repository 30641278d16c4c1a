-- SPDX-License-Identifier: MIT
-- stats.lua - functions for lessons: the global table `stats`.
--
-- A list is a table with elements 1 to n.  For an empty list, stats.sum returns
-- 0; mean, quantile, median and jain return nil.

local stats = {}

function stats.sum(list)
  local sum = 0
  for _, value in ipairs(list) do sum = sum + value end
  return sum
end

function stats.mean(list)
  if #list == 0 then return nil end
  return stats.sum(list) / #list
end

-- The smallest element that a share of at least q (0 to 1) does not exceed.
function stats.quantile(list, q)
  local sorted = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return sorted[math.max(1, math.ceil(q * #sorted))]
end

function stats.median(list)
  return stats.quantile(list, 0.5)
end

-- Jain's index of fairness: 1 if all are equal, 1/n if one has everything.
function stats.jain(list)
  local sum, squares = stats.sum(list) + 0.0, 0.0
  for _, value in ipairs(list) do squares = squares + value * value end
  if squares == 0 then return nil end
  return sum * sum / (#list * squares)
end

-- The slope and the intercept of the least-squares line through points {x, y};
-- nil if all x are equal.
function stats.fit_line(points)
  local n, sx, sy, sxx, sxy = #points, 0.0, 0.0, 0.0, 0.0
  for _, point in ipairs(points) do
    local x, y = point[1], point[2]
    sx, sy, sxx, sxy = sx + x, sy + y, sxx + x * x, sxy + x * y
  end
  local spread = n * sxx - sx * sx
  if spread == 0 then return nil end
  local slope = (n * sxy - sx * sy) / spread
  return slope, (sy - slope * sx) / n
end

-- Fits the universal scalability law (Gunther), the throughput of n workers
--   X(n) = gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1)),
-- to points {n, X}, by least squares of the relative errors.  alpha is the
-- share that only one worker can do at a time (Amdahl's serial part), beta the
-- cost of coordination between workers; neither is below 0.  Returns { gamma,
-- alpha, beta, at, peak }: at(n) is X(n), peak the n of the highest throughput,
-- or nil if there is no maximum.
function stats.fit_usl(points)
  local function error_of(alpha, beta)
    -- For given alpha and beta, the best gamma has a closed form.
    local sfy, sff = 0.0, 0.0
    for _, point in ipairs(points) do
      local n = point[1]
      local f = n / (1 + alpha * (n - 1) + beta * n * (n - 1)) / point[2]
      sfy, sff = sfy + f, sff + f * f
    end
    return #points - sfy * sfy / sff, sfy / sff
  end
  local alpha, beta, step = 0.1, 0.01, 0.1
  local best, gamma = error_of(alpha, beta)
  while step > 1e-7 do
    local moved = false
    for _, direction in ipairs {
      {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, -1}, {-1, 1},
    } do
      local a = math.max(0, alpha + direction[1] * step)
      local b = math.max(0, beta + direction[2] * step)
      local err, g = error_of(a, b)
      if err < best - 1e-15 then
        alpha, beta, best, gamma, moved = a, b, err, g, true
      end
    end
    if not moved then step = step / 2 end
  end
  local fit = { gamma = gamma, alpha = alpha, beta = beta }
  function fit.at(n)
    return gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1))
  end
  if beta > 1e-6 and alpha < 1 then fit.peak = math.sqrt((1 - alpha) / beta) end
  return fit
end

-- Erlang B: the share of calls that find all n servers busy, if calls are not
-- queued.  `load` is the arrival rate times the holding time.
function stats.erlang_b(n, load)
  local b = 1.0
  for k = 1, n do b = load * b / (k + load * b) end
  return b
end

-- Erlang C: the share of calls that wait for one of n servers; 1 if load >= n.
function stats.erlang_c(n, load)
  if load >= n then return 1.0 end
  local b = stats.erlang_b(n, load)
  return b / (1 - load / n * (1 - b))
end

-- The mean of a series of a run between two instants, in seconds after the
-- start of the fault phase.  The keys ok, lost, errors and injections give a rate
-- per second, live a number of workers.  Steps that do not lie wholly between the
-- two instants are ignored; nil if there is none.
function stats.rate(run, key, from_s, to_s)
  local step = run.series.step_us / 1e6
  local start = run.phases.fault.from_us / 1e6
  local sum, steps = 0, 0
  for i, value in ipairs(run.series[key]) do
    local at = (i - 1) * step - start
    if at >= from_s - 1e-6 and at + step <= to_s + 1e-6 then
      sum, steps = sum + value, steps + 1
    end
  end
  if steps == 0 then return nil end
  return sum / steps / (key == "live" and 1 or step)
end

-- Whether predicate(element) is true for all elements of a list.
function stats.every(list, predicate)
  for _, row in ipairs(list) do
    if not predicate(row) then return false end
  end
  return true
end

local function is_wanted(event, wanted)
  if type(wanted) == "function" then return wanted(event) end
  if type(wanted) == "string" then return event.event == wanted end
  for key, value in pairs(wanted) do
    if event[key] ~= value then return false end
  end
  return true
end

-- The events in the log of a run that match `wanted`: a name ("exit"), a table
-- of fields ({ event = "exit", code = 1 }), or a predicate.
function stats.events(run, wanted)
  local found = {}
  for _, event in ipairs(run.log) do
    if is_wanted(event, wanted) then found[#found + 1] = event end
  end
  return found
end

-- The times of the events that match `wanted`, in seconds after the first event
-- that matches `since`.  Earlier events are ignored.
function stats.times(run, wanted, since)
  local times, start = {}, nil
  for _, event in ipairs(run.log) do
    if start and is_wanted(event, wanted) then
      times[#times + 1] = event.time - start
    end
    if not start and is_wanted(event, since) then start = event.time end
  end
  return times
end

return stats
