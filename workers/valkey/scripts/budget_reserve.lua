-- Reserve under all limits, or nothing. ARGV: id, micros, lease in seconds, the life known to the caller ('' none),
-- a nonce, '1' to read doubtful sums anew, then each account's time to live in seconds and limit ('' none).
-- Answers ok | emptied | build, place and token of each account to read | refused, place, micros left.
local id, micros, known, nonce, exact = ARGV[1], tonumber(ARGV[2]), ARGV[4], ARGV[5], ARGV[6] == '1'
local alive = life(nonce)
if known ~= '' and known ~= alive then
  return {'emptied', alive}
end
if redis.call('EXISTS', record_of(id)) == 1 then
  return {'ok', alive}
end
sweep()
local builds, ttls_s, unbuilt, refused, least = {}, {}, {}, nil, nil
for i = FIRST, #KEYS do
  local at = 7 + 2 * (i - FIRST)
  local seen, limit = look(KEYS[i], alive), tonumber(ARGV[at + 1])
  builds[i], ttls_s[i] = seen.build, ARGV[at]
  if limit then
    local left = limit - (seen.spent or 0) - seen.held
    local over = micros > 0 and left < micros -- what costs nothing is never refused
    if not seen.spent or (over and exact and seen.doubt > 0 and left + seen.doubt >= micros) then
      table.insert(unbuilt, i)
    elseif over and (not least or left < least) then
      refused, least = i, left
    end
  end
end
if refused then
  return {'refused', alive, refused - FIRST, whole(least)}
end
if #unbuilt > 0 then
  local answer = {'build', alive}
  for _, i in ipairs(unbuilt) do
    table.insert(answer, i - FIRST)
    table.insert(answer, begin(KEYS[i], alive, nonce, ttls_s[i]))
  end
  return answer
end
hold(id, micros, tonumber(ARGV[3]), builds, ttls_s)
return {'ok', alive}
