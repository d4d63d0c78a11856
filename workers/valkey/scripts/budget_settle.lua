-- End a reservation: count what was spent. ARGV: id, micros, how many of the accounts are the reservation's; the others
-- are those of a later day or month, where the ledger may have the row, and the call be kept. Answers ok.
local id, micros, own = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local record = record_of(id)
local reserved = tonumber(redis.call('HGET', record, 'micros') or '')
for i = FIRST, #KEYS do
  local account, mine = KEYS[i], i - FIRST < own
  if reserved and redis.call('HEXISTS', record, account) == 1 then
    release(account, reserved)
  end
  -- Was it reserved before the sum was read, or settled already? Then the sum may have it.
  local build = redis.call('HGET', account, 'build')
  count(account, micros, reserved and mine and build and redis.call('HGET', record, account) == build)
end
redis.call('DEL', record)
redis.call('ZREM', LEASES, id)
return {'ok', ''}
