-- What is spent and held. ARGV: the life known to the caller ('' none), a nonce, '1' to read doubtful sums anew, then
-- each account's time to live in seconds.
-- Answers ok, spent and held of each account | emptied | build, place and token of each account to read.
local known, nonce, exact = ARGV[1], ARGV[2], ARGV[3] == '1'
local alive = life(nonce)
if known ~= '' and known ~= alive then
  return {'emptied', alive}
end
sweep()
local answer, unbuilt = {'ok', alive}, {'build', alive}
for i = FIRST, #KEYS do
  local seen = look(KEYS[i], alive)
  if not seen.spent or (exact and seen.doubt > 0) then
    table.insert(unbuilt, i - FIRST)
    table.insert(unbuilt, begin(KEYS[i], alive, nonce, ARGV[4 + i - FIRST]))
  else
    table.insert(answer, whole(seen.spent))
    table.insert(answer, whole(seen.held))
  end
end
return #unbuilt > 2 and unbuilt or answer
