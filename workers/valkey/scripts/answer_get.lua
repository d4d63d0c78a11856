-- The kept answer, noted as used just now; what has expired leaves the books.
-- KEYS: books (sorted set: time of last use), sizes (hash: bytes), total (string: bytes), the answer. ARGV: its name.
local text = redis.call('GET', KEYS[4])
if text then
  local now = redis.call('TIME')
  redis.call('ZADD', KEYS[1], 'XX', now[1] .. '.' .. string.format('%06d', now[2]), ARGV[1])
  return text
end
local bytes = redis.call('HGET', KEYS[2], ARGV[1])
if bytes then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('DECRBY', KEYS[3], bytes)
end
return false
