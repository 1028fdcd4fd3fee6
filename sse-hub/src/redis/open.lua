-- Joins the current epoch, or opens a new one.
--
-- KEYS: the log (a stream), the description of its current life (a hash), the epochs (a list, newest first).
-- ARGV: 1 the epoch to leave, or nothing
--       2, 3 the epoch and the offset of the newest record that the node has seen, or 0 and 0
--       4 the field `n` of that record, or `*` if it is not known
--       5 `1` if the connection is new
--       6 `1` if the node knows that the log has lost records
--       7 the tag of the hub, or nothing
--       8 the oldest version that can be used
--       9 a random number, so that two servers that were one do not open the same epoch
-- Returns the newest record of the log, its newest existing entry, the epochs, and 1 if records that the node has seen
-- are other ones now.
--
-- Numbers are compared and increased as decimal text, because those of Lua are exact only up to 2^53.
local leave, se, so, seen_n = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local fresh, doubt, tag = ARGV[5] == '1', ARGV[6] == '1', ARGV[7]

local function less(a, b) return #a < #b or (#a == #b and a < b) end
local function max(a, b) return less(a, b) and b or a end
local function before(ae, ao, be, bo) return less(ae, be) or (ae == be and less(ao, bo)) end
local function plus(a, n)
  local digits = {}
  for i = #a, 1, -1 do
    local sum = string.byte(a, i) - 48 + n
    digits[i] = sum % 10
    n = math.floor(sum / 10)
  end
  return (n > 0 and string.format('%.0f', n) or '') .. table.concat(digits)
end
local function split(id) return string.match(id, '^(%d+)%-(%d+)') end
-- Reads a field of INFO, which may be forbidden to scripts.
local function info(section, field, pattern)
  local text = redis.pcall('INFO', section)
  return type(text) == 'string' and string.match(text, field .. ':(' .. pattern .. ')') or nil
end

local version = info('server', 'redis_version', '[%d%.]+')
local major = version and string.match(version, '^%d+')
if major and tonumber(major) < tonumber(ARGV[8]) then return redis.error_reply('HUBOLD ' .. version) end

-- The life of the server changes when it restarts, and when it becomes or follows another master.
local id, replication = info('server', 'run_id', '%x+'), info('replication', 'master_replid', '%x+')
local run = id and replication and not string.match(id, '^0+$') and id .. replication or ''

local meta = redis.call('HMGET', KEYS[2], 'epoch', 'run', 'tag')
local known = meta[1] or '0'
if tag ~= '' and meta[3] and meta[3] ~= '' and meta[3] ~= tag then return redis.error_reply('HUBTAG ' .. meta[3]) end

local list = redis.call('LRANGE', KEYS[3], 0, -1)
local head, head_offset = '0', '0'
if list[1] then head, head_offset = split(list[1]) end

local stream, te, to, first, last = redis.pcall('XINFO', 'STREAM', KEYS[1]), '0', '0', nil, nil
local there = stream.err == nil
if not there and not string.find(stream.err, 'no such key', 1, true) then return stream end
for i = 1, there and #stream or 0, 2 do
  if stream[i] == 'last-generated-id' then te, to = split(stream[i + 1]) end
  if stream[i] == 'first-entry' and stream[i + 1] then first = stream[i + 1][1] end
  if stream[i] == 'last-entry' and stream[i + 1] then last = stream[i + 1] end
end
if last and se == '0' and not meta[1] then
  -- Nothing is known of this log, so make sure that it is one.
  local names = {}
  for i = 1, #last[2], 2 do names[last[2][i]] = true end
  if not (names.t and names.d and names.x and names.n and names.at) then return redis.error_reply('HUBKEY foreign') end
end

local same = not fresh
if run ~= '' then same = meta[2] == run end
-- The end of the log: its newest record, even if entries of others follow.
local mine, ee, eo = te == head or te == known or te == se, te, to
if there and not mine then
  local own = redis.call('XREVRANGE', KEYS[1], max(max(head, known), se) .. '-18446744073709551615', '-', 'COUNT', 1)[1]
  ee, eo = split(own and own[1] or '0-0')
end
local behind = before(ee, eo, se, so)
-- Another node may have opened an epoch below the newest record that this node has seen, without knowing that records
-- were lost. Then the readers on that node have not received a gap, unless a break has followed.
local rewound, unaware, broken = false, false, false
for i = 1, #list do
  local epoch, offset = split(list[i])
  if se == '0' or not less(se, epoch) then break end
  if string.find(list[i], 'break', 1, true) then broken = true end
  if not less(so, offset) then rewound, unaware = true, not broken end
end
-- A promoted replica that was written to may have given the ID of a lost record to another one. The lives cannot be
-- compared here, because another node may have noted the new one already.
local differs = false
if first and (fresh or not same) and se ~= '0' and seen_n ~= '*' and not behind and not rewound then
  local fe, fo = split(first)
  if not before(se, so, fe, fo) then
    local entry = redis.call('XRANGE', KEYS[1], se .. '-' .. so, se .. '-' .. so)[1]
    differs = entry == nil
    for i = 1, entry and #entry[2] or 0, 2 do
      if entry[2][i] == 'n' and entry[2][i + 1] ~= seen_n then differs = true end
    end
  end
end

local current = there and te == head and te == known
if current and same and not behind and not doubt and not unaware and not differs and leave ~= known then
  return {te .. '-' .. to, last and last[1] or '', list, 0}
end

local kind, offset = 'fence', max(eo, ee == head and head_offset or '0')
if not there then
  offset = so
  if se ~= '0' or meta[1] or list[1] then kind = 'break' end
elseif doubt or differs then
  kind, offset = 'break', max(so, offset)
elseif not mine then
  -- The records of the current epoch may be gone, and then the node cannot know how many there were.
  if behind or unaware or ee == '0' or before(ee, eo, head, head_offset) then kind, offset = 'break', max(so, offset) end
elseif behind or unaware then
  kind = 'break'
end

local time = redis.call('TIME')
local now = time[1] .. string.format('%06d', time[2])
local epoch = max(max(se, te), max(known, head))
if less(epoch, now) then epoch = now else epoch = plus(epoch, 1 + tonumber(ARGV[9])) end
local entry = epoch .. '-' .. plus(offset, 1)
redis.call('XADD', KEYS[1], entry, 't', '', 'd', '', 'x', kind, 'n', '', 'at', time[1] .. string.sub(now, -6, -4))
redis.call('HSET', KEYS[2], 'epoch', epoch, 'run', run, 'tag', tag ~= '' and tag or meta[3] or '')
redis.call('LPUSH', KEYS[3], entry .. ' ' .. kind)
-- Epochs are kept as long as the log reaches into them, but at least 1024.
local kept = #list + 1
local fe, fo = split(first or entry)
while kept > 1024 do
  local e, o = split(list[kept - 2])
  if before(fe, fo, e, o) then break end
  kept = kept - 1
end
redis.call('LTRIM', KEYS[3], 0, kept - 1)
return {entry, entry, redis.call('LRANGE', KEYS[3], 0, -1), differs and 1 or 0}
