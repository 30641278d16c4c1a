-- lesson_stats.lua - what lessons reckon with: the global table `stats`.
--
-- A list is a table with elements 1 to n.  Of an empty one, sums are 0 and
-- the rest is nil.

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

-- The value that a share q (0 to 1) of the list does not exceed.
function stats.quantile(list, q)
  local sorted = table.move(list, 1, #list, 1, {})
  table.sort(sorted)
  return sorted[math.max(1, math.ceil(q * #sorted))]
end

function stats.median(list)
  return stats.quantile(list, 0.5)
end

-- Jain's index of fairness: 1 when all are equal, 1/n when one has it all.
function stats.jain(list)
  local sum, squares = stats.sum(list) + 0.0, 0.0
  for _, value in ipairs(list) do squares = squares + value * value end
  if squares == 0 then return nil end
  return sum * sum / (#list * squares)
end

-- The slope and the intercept of the straight line through points {x, y}
-- with the least squares; nil when all x are the same.
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

-- The universal scalability law (Gunther): n workers do
--   X(n) = gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1))
-- of work in a second.  alpha is the share that only one can do at a time
-- (Amdahl's serial part), beta what they lose by agreeing with each other.
-- Fitted to points {n, X} by least squares of the relative errors, none of
-- the three below 0.  Returns { gamma, alpha, beta, at(n), peak }: peak is
-- the n of the most throughput, or nil when more is always better.
function stats.fit_usl(points)
  local function error_of(alpha, beta)
    -- For given alpha and beta the best gamma has a closed form.
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
    for _, way in ipairs { {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, -1}, {-1, 1} } do
      local a = math.max(0, alpha + way[1] * step)
      local b = math.max(0, beta + way[2] * step)
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

-- Erlang's B: the share of calls that find all n servers busy, when on
-- average `load` of them would be (arrival rate times holding time).
function stats.erlang_b(n, load)
  local b = 1.0
  for k = 1, n do b = load * b / (k + load * b) end
  return b
end

-- Erlang's C: the share that has to wait for one of n servers; 1 when they
-- cannot keep up.
function stats.erlang_c(n, load)
  if load >= n then return 1.0 end
  local b = stats.erlang_b(n, load)
  return b / (1 - load / n * (1 - b))
end

-- The mean of a series of a run (ok, lost, errors and injections: a second; live:
-- as it is), from one instant to another, in seconds after the beginning of
-- the faults' time; what is answered later, while the run ends, does not
-- count.
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

-- Does it hold for all of a list: each(row) returns true or false.
function stats.every(list, each)
  for _, row in ipairs(list) do
    if not each(row) then return false end
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

-- The events in a run's log that are wanted: by name ("exit"), with these
-- fields ({ event = "exit", code = 1 }), or all that a function says yes to.
function stats.events(run, wanted)
  local found = {}
  for _, event in ipairs(run.log) do
    if is_wanted(event, wanted) then found[#found + 1] = event end
  end
  return found
end

-- When the wanted events came: seconds after the first that `since` wants; those
-- before it do not count.
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
