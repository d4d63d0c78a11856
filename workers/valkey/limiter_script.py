"""The limiter's steps as Lua scripts: each is one step for all workers, by Valkey's own clock.

A bucket is a hash: `requests` and `tokens` are levels at `at` (ms), `paused` ends what the provider asked for. `head` are
the tokens of whoever was first refused for want of them, until `head_until`: smaller requests leave so much in the
bucket, else a large one would never find it full. Slots are a sorted set, permit → end of its lease (ms).
"""

from __future__ import annotations

SERVER_CLOCK = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
"""

TAKE = """
local permit, need = ARGV[1], tonumber(ARGV[2])
local requests_max, requests_flow = tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens_max, tokens_flow = tonumber(ARGV[5]), tonumber(ARGV[6])
local debt_max, slots_max = tonumber(ARGV[7]), tonumber(ARGV[8])
local lease, poll, grace, keep = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])

local kept = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at', 'paused', 'head', 'head_until')
local passed = now - (tonumber(kept[3]) or now)
local paused, head_until = tonumber(kept[4]) or 0, tonumber(kept[6]) or 0
if passed < 0 then -- the clock went back: what was to end then ends as much earlier
  paused, head_until = paused + passed, head_until + passed
  for _, other in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
    redis.call('ZINCRBY', KEYS[2], string.format('%.17g', passed), other)
  end
  passed = 0
end
local requests = math.min(requests_max, (tonumber(kept[1]) or requests_max) + passed * requests_flow)
local tokens = math.max(-debt_max, tonumber(kept[2]) or tokens_max)
tokens = math.min(tokens_max, tokens + passed * tokens_flow)
local head = tonumber(kept[5]) or 0
if head_until <= now then head = 0 end

local wait = math.max(0, paused - now)
if requests < 1000 then wait = math.max(wait, (1000 - requests) / requests_flow) end
local lacking = math.min(need, tokens_max) - tokens
local refused = lacking > 0
if refused then wait = math.max(wait, lacking / tokens_flow) end
if need < head and lacking + math.min(head, tokens_max) > 0 then
  wait = math.max(wait, math.min((lacking + math.min(head, tokens_max)) / tokens_flow, head_until - now))
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.17g', now))
if redis.call('ZCARD', KEYS[2]) >= slots_max then wait = math.max(wait, poll) end

if wait > 0 then
  wait = math.ceil(wait)
  if refused and head == 0 then head, head_until = need, now + wait + grace end
else
  requests, tokens = requests - 1000, tokens - need
  if need >= head then head = 0 end
  redis.call('ZADD', KEYS[2], string.format('%.17g', now + lease), permit)
  redis.call('PEXPIRE', KEYS[2], string.format('%.0f', lease))
end
redis.call('HSET', KEYS[1],
  'requests', string.format('%.17g', requests), 'tokens', string.format('%.17g', tokens),
  'at', string.format('%.17g', now), 'paused', string.format('%.17g', paused), 'head', string.format('%.17g', head),
  'head_until', string.format('%.17g', head_until))
redis.call('PEXPIRE', KEYS[1], keep)
return wait
"""

RENEW = """
for place = 2, #ARGV do
  redis.call('ZADD', KEYS[2], 'XX', string.format('%.17g', now + tonumber(ARGV[1])), ARGV[place])
end
redis.call('PEXPIRE', KEYS[2], ARGV[1])
"""

DONE = """
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 and redis.call('HEXISTS', KEYS[1], 'tokens') == 1 then
  redis.call('HINCRBYFLOAT', KEYS[1], 'tokens', ARGV[2])
  if ARGV[3] ~= '0' then redis.call('HINCRBYFLOAT', KEYS[1], 'requests', ARGV[3]) end
end
"""

PAUSE = """
local ends = now + tonumber(ARGV[1])
if ends > (tonumber(redis.call('HGET', KEYS[1], 'paused')) or 0) then
  redis.call('HSET', KEYS[1], 'paused', string.format('%.17g', ends))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
"""
