-- Posts a query as a form; arguments: its file, "new" (a new text each time) or "same", a number for this run.
local function escaped(text)
  return (text:gsub("[^%w%-_%.~]", function(c) return string.format("%%%02X", c:byte()) end))
end

function init(args)
  local file = assert(io.open(args[1]))
  base, kind, run, count = "query=" .. escaped(file:read("*a")), args[2], args[3], 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Accept"] = "application/sparql-results+json"
end

function request()
  count = count + 1
  local comment = kind == "new" and ("%23" .. run .. "-" .. count .. "%0A") or ""
  return wrk.format(nil, nil, nil, base .. comment)
end
