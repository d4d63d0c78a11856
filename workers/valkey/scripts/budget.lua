-- The words that every script of the budget is written in. It is put before each of them.
--
-- KEYS: the leases, the server's life, then accounts. An account is a hash:
--   held      reserved and not yet settled; counted whatever else is known
--   spent     the ledger's sum and what was settled since; missing: to be read from the ledger ("built")
--   build     which reading of the ledger `spent` stands on
--   building  a reading under way: the token that its result must show; whoever finds one shares it
--   since     settled while that reading was under way: it may have missed it, or not
--   doubt     the part of `spent` that may be counted twice; read anew when it would matter
--   life      the server's life that all this was written in
-- A reservation is a hash of `micros` and, for each account, the `build` that it was reserved under.
--
-- A call's row is in the ledger before it is settled. So what was settled before a reading began is in its sum; what is
-- settled later may be. It is added then, as doubt: the sum is never too low, and is right again after the next reading.
local LEASES, LIFE, FIRST = KEYS[1], KEYS[2], 3
local SWEPT_MAX = 25
local VOUCHED_S = 30

local function whole(number)
  return string.format('%.0f', number)
end

local function seconds()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1e6
end

local function record_of(id)
  return '{quorum:budget}:reservation:' .. id
end

-- Nobody can vouch for the sum any more; nor for a reading under way.
local function drop(account)
  redis.call('HDEL', account, 'spent', 'build', 'building', 'since', 'doubt')
end

-- Put `micros` aside for `id` in every account; `builds` and `ttls_s` are in the accounts' order.
local function hold(id, micros, lease_s, builds, ttls_s)
  local fields = {'micros', whole(micros)}
  for i = FIRST, #KEYS do
    table.insert(fields, KEYS[i])
    table.insert(fields, builds[i] or '')
    redis.call('HINCRBY', KEYS[i], 'held', whole(micros))
    redis.call('EXPIRE', KEYS[i], ttls_s[i])
  end
  redis.call('HSET', record_of(id), unpack(fields))
  redis.call('ZADD', LEASES, string.format('%.6f', seconds() + lease_s), id)
end

-- What was put aside, and in which accounts, each with the build that it was reserved under.
local function held_by(id)
  local found, kept = redis.call('HGETALL', record_of(id)), {}
  for i = 1, #found, 2 do
    kept[found[i]] = found[i + 1]
  end
  local micros = tonumber(kept.micros or '')
  kept.micros = nil
  return micros, kept
end

-- In `account`, `micros` were spent of the `held` that was put aside there (nil: nothing was). Unless it was put aside
-- under the very `build` that the sum stands on, the sum, or a reading under way, may have them.
local function settle(account, held, build, micros)
  local found = redis.call('HMGET', account, 'held', 'build', 'spent', 'building')
  if held and found[1] then
    redis.call('HSET', account, 'held', whole(math.max(0, tonumber(found[1]) - held)))
  end
  if found[4] then
    redis.call('HINCRBY', account, 'since', whole(micros))
  end
  if found[3] then
    redis.call('HINCRBY', account, 'spent', whole(micros))
    if not (found[2] and found[2] == build) then
      redis.call('HINCRBY', account, 'doubt', whole(micros))
    end
  end
end

-- Give back what killed workers had reserved. One may have written its row and died before settling: until the ledger
-- is read again, it has spent what it had reserved. (Dropping the sum would start every reading under way anew.)
local function sweep()
  local ended = redis.call('ZRANGEBYSCORE', LEASES, '-inf', string.format('%.6f', seconds()), 'LIMIT', 0, SWEPT_MAX)
  for _, id in ipairs(ended) do
    local micros, kept = held_by(id)
    for account in pairs(kept) do
      settle(account, micros or 0, nil, micros or 0)
    end
    redis.call('DEL', record_of(id))
    redis.call('ZREM', LEASES, id)
  end
end

-- What an older life has put aside may have been settled since. Who still holds it says so on hearing of the new life;
-- what nobody vouches for ends soon, and has then been spent until the ledger is read again.
local function doubt_leases()
  local ends = string.format('%.6f', seconds() + VOUCHED_S)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', LEASES, '(' .. ends, '+inf')) do
    redis.call('ZADD', LEASES, 'XX', ends, id)
  end
end

-- Names the time since the server was started or emptied: what an older life has left (a restored snapshot) may be old.
local function life(nonce)
  local info = redis.pcall('INFO', 'server')
  local server = (type(info) == 'string' and string.match(info, 'run_id:(%w+)') or '') .. ':'
  local known = redis.call('GET', LIFE)
  if known and string.sub(known, 1, #server) == server then
    return known
  end
  doubt_leases()
  redis.call('SET', LIFE, server .. nonce)
  return server .. nonce
end

local function look(account, alive)
  local found = redis.call('HMGET', account, 'life', 'spent', 'held', 'doubt', 'build')
  if found[1] and found[1] ~= alive then
    drop(account)
    found[2], found[4], found[5] = false, false, false
  end
  return {
    spent = found[2] and tonumber(found[2]),
    held = tonumber(found[3] or 0),
    doubt = tonumber(found[4] or 0),
    build = found[5],
  }
end

-- The token of the reading that somebody has to do, or does already.
local function begin(account, alive, nonce, ttl_s)
  redis.call('HSETNX', account, 'building', nonce)
  redis.call('HSETNX', account, 'since', '0')
  redis.call('HSET', account, 'life', alive)
  redis.call('EXPIRE', account, ttl_s)
  return redis.call('HGET', account, 'building')
end

