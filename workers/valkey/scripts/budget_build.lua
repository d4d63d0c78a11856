-- Put the ledger's sums in place, where their token still holds. ARGV: each account's token and sum. Answers ok.
for i = FIRST, #KEYS do
  local account, at = KEYS[i], 1 + 2 * (i - FIRST)
  local found = redis.call('HMGET', account, 'building', 'since')
  if found[1] and found[1] == ARGV[at] then
    local since = tonumber(found[2] or 0)
    redis.call('HSET', account, 'spent', whole(tonumber(ARGV[at + 1]) + since), 'doubt', whole(since), 'build', ARGV[at])
    redis.call('HDEL', account, 'building', 'since')
  end
end
return {'ok', ''}
