-- For wrk: when the last answer of the release before came and the first one of the next, in microseconds since 1970, and what failed.
local ffi = require("ffi")
ffi.cdef[[ typedef struct { long s; long us; } moment; int gettimeofday(moment *, void *); ]]
local at = ffi.new("moment")
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init() before, last, first, refused = nil, "0", "0", 0 end

local function now()
    ffi.C.gettimeofday(at, nil)
    return string.format("%.0f", tonumber(at.s) * 1e6 + tonumber(at.us))
end

function response(status, headers, body)
    if status ~= 200 then refused = refused + 1 return end
    before = before or body
    if body == before then last = now() elseif first == "0" then first = now() end
end

function done(summary)
    local errors, seen = summary.errors, threads[1]
    local failed = errors.connect + errors.read + errors.write + errors.timeout + seen:get("refused")
    io.write(string.format("steps %s %s %d %d\n", seen:get("last"), seen:get("first"), failed, summary.requests))
end
