-- Keep an answer, drop the longest unused ones over the bounds, and end the lead if it is still the caller's.
-- KEYS: books, sizes, total (as in answer_get), the answer, its lead.
-- ARGV: name, text, seconds to live, entries at most, bytes at most, who leads, prefix of answers.
local function forget(name)
  local bytes = redis.call('HGET', KEYS[2], name)
  redis.call('ZREM', KEYS[1], name)
  redis.call('HDEL', KEYS[2], name)
  redis.call('DECRBY', KEYS[3], bytes or 0)
end
local replaced = redis.call('HGET', KEYS[2], ARGV[1]) or 0
redis.call('SET', KEYS[4], ARGV[2], 'PX', ARGV[3])
local now = redis.call('TIME')
redis.call('ZADD', KEYS[1], now[1] .. '.' .. string.format('%06d', now[2]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], #ARGV[2])
local total = redis.call('INCRBY', KEYS[3], #ARGV[2] - replaced)
while redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[4]) or total > tonumber(ARGV[5]) do
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not oldest or oldest == ARGV[1] then break end
  redis.call('DEL', ARGV[7] .. oldest)
  forget(oldest)
  total = tonumber(redis.call('GET', KEYS[3]))
end
for book = 1, 3 do redis.call('PEXPIRE', KEYS[book], ARGV[3]) end
if redis.call('GET', KEYS[5]) == ARGV[6] then redis.call('DEL', KEYS[5]) end
return total
