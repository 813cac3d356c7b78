"""The shelf's rooms, as Redis runs them: by its own clock, and one at a time.

KEYS[1] is the sorted set of all names in all rooms; ARGV[1] is the prefix of the rooms' keys.
"""

_COMMON = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000

local function tickets_of(key, name)
    local listed = redis.call('HGET', key, name)
    return listed and cjson.decode(listed)
end

-- Answers until when the last ticket is good, or nil if there is none.
local function strike_out_unless_here(key, room, name, tickets)
    local last
    for ticket, ends in pairs(tickets) do
        if ends <= now then tickets[ticket] = nil
        elseif not last or ends > last then last = ends end
    end
    local place = cjson.encode({room, name})
    if last then
        redis.call('HSET', key, name, cjson.encode(tickets))
        redis.call('ZADD', KEYS[1], last, place)
    else
        redis.call('HDEL', key, name)
        redis.call('ZREM', KEYS[1], place)
    end
    return last
end
"""

# ARGV: prefix, seconds, then room, name and ticket of each. Answers 1 for a name that is new.
ENTER = f"""{_COMMON}
local are_new = {{}}
for i = 3, #ARGV, 3 do
    local room, name, ticket = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local key = ARGV[1] .. 'room:' .. room
    local tickets = tickets_of(key, name)
    are_new[#are_new + 1] = tickets and 0 or 1
    tickets = tickets or {{}}
    tickets[ticket] = now + ARGV[2]
    strike_out_unless_here(key, room, name, tickets)
end
return are_new
"""

# ARGV: prefix, room, name, ticket. Answers 1 when the name is gone.
LEAVE = f"""{_COMMON}
local key = ARGV[1] .. 'room:' .. ARGV[2]
local tickets = tickets_of(key, ARGV[3])
if not tickets then return 0 end
tickets[ARGV[4]] = nil
return strike_out_unless_here(key, ARGV[2], ARGV[3], tickets) and 0 or 1
"""

# ARGV: prefix, how many at most. Answers room and name of each that is gone, and since when.
SWEEP = f"""{_COMMON}
local gone = {{}}
local over = redis.call(
    'ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[2]
)
for i = 1, #over, 2 do
    local room, name = unpack(cjson.decode(over[i]))
    local key = ARGV[1] .. 'room:' .. room
    if not strike_out_unless_here(key, room, name, tickets_of(key, name) or {{}}) then
        gone[#gone + 1] = room
        gone[#gone + 1] = name
        gone[#gone + 1] = over[i + 1]
    end
end
return gone
"""
