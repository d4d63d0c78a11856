-- Reserve again what the caller still holds after the server was emptied, whatever the limits say; what is there
-- already has its lease start anew, and is put aside in accounts that it wasn't in: those of a new day or month.
-- ARGV: id, micros, lease in seconds, then each account's time to live in seconds.
if redis.call('EXISTS', record_of(ARGV[1])) == 1 then
  redis.call('ZADD', LEASES, 'XX', string.format('%.6f', seconds() + tonumber(ARGV[3])), ARGV[1])
  for i = FIRST, #KEYS do
    if redis.call('HSETNX', record_of(ARGV[1]), KEYS[i], '') == 1 then
      redis.call('HINCRBY', KEYS[i], 'held', redis.call('HGET', record_of(ARGV[1]), 'micros'))
    end
    redis.call('EXPIRE', KEYS[i], ARGV[4 + i - FIRST])
  end
  return {'ok', ''}
end
local ttls_s = {}
for i = FIRST, #KEYS do
  ttls_s[i] = ARGV[4 + i - FIRST]
end
hold(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), {}, ttls_s)
return {'ok', ''}
