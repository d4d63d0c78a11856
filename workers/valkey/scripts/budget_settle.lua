-- End a reservation: count what was spent. ARGV: id, micros, how many of the accounts are the reservation's; the others
-- are those of a later day or month, where the ledger may have the row, and the call be kept. Answers ok.
local id, micros, own = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local reserved, kept = held_by(id)
for i = FIRST, #KEYS do
  local build, mine = kept[KEYS[i]], i - FIRST < own
  -- Was it reserved before the sum was read, or settled already? Then the sum may have it.
  settle(KEYS[i], build and reserved, reserved and mine and build, micros)
end
redis.call('DEL', record_of(id))
redis.call('ZREM', LEASES, id)
return {'ok', ''}
