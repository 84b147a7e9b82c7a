#include "adapters/redis/limit_scripts.hpp"

namespace parley::redis {
namespace {

// fmod and not division alone: a quotient of large numbers is rounded, and may be rounded up to a whole one.
constexpr std::string_view take_text = R"lua(
local amount,window,now=tonumber(ARGV[1]),tonumber(ARGV[2]),tonumber(ARGV[3])
local capacity=amount*window
local used,as_of=0,now
local kept=redis.call('GET',KEYS[1])
if kept then
  local a,b=string.match(kept,'^(%d+) (%-?%d+)$')
  if a then used,as_of=math.min(tonumber(a),capacity),tonumber(b) end
end
local back=as_of-now>window
if back then as_of=now end
used=math.max(0,used-amount*math.min(math.max(now-as_of,0),window))
as_of=math.max(as_of,now)
local behind=as_of-now
local function time_for(shares)
  local over=math.fmod(shares,amount)
  if over>0 then shares=shares-over+amount end
  return shares/amount
end
local function keep()
  redis.call('SET',KEYS[1],string.format('%.0f %.0f',used,as_of),'PX',
             string.format('%.0f',behind+time_for(used)))
end
if used+window>capacity then
  if back then keep() end
  return {0,0,behind+time_for(used),behind+time_for(used+window-capacity)}
end
used=used+window
keep()
local left=capacity-used
return {1,(left-math.fmod(left,window))/window,behind+time_for(used),0}
)lua";

constexpr std::string_view enter_text = R"lua(
local who,most,ends,now=ARGV[1],tonumber(ARGV[2]),tonumber(ARGV[3]),tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE',KEYS[1],'-inf',ARGV[4])
local function end_at(place)
  local found=redis.call('ZRANGE',KEYS[1],place,place,'WITHSCORES')
  return found[2] and tonumber(found[2])-now or 0
end
if not redis.call('ZSCORE',KEYS[1],who) and redis.call('ZCARD',KEYS[1])>=most then
  return {0,0,end_at(-1),end_at(0)}
end
if ends>now then
  redis.call('ZADD',KEYS[1],ARGV[3],who)
else
  redis.call('ZREM',KEYS[1],who)
end
local last=end_at(-1)
if last>0 then redis.call('PEXPIRE',KEYS[1],string.format('%.0f',last)) end
return {1,math.max(0,most-redis.call('ZCARD',KEYS[1])),last,0}
)lua";

constexpr std::string_view add_text = R"lua(
local amount,ends,now=tonumber(ARGV[1]),tonumber(ARGV[2]),tonumber(ARGV[3])
local sum,until_when=0,ends
local kept=redis.call('GET',KEYS[1])
if kept then
  local a,b=string.match(kept,'^(%d+) (%-?%d+)$')
  if a and tonumber(b)>now then sum,until_when=tonumber(a),tonumber(b) end
end
if amount==0 then return sum end
sum=math.min(math.max(sum+amount,0),9007199254740992)
until_when=math.min(until_when,ends)
if until_when>now then
  redis.call('SET',KEYS[1],string.format('%.0f %.0f',sum,until_when),'PX',
             string.format('%.0f',until_when-now))
else
  redis.call('DEL',KEYS[1])
end
return sum
)lua";

}  // namespace

script const& take_script() {
    static script const one{take_text};
    return one;
}

script const& enter_script() {
    static script const one{enter_text};
    return one;
}

script const& add_script() {
    static script const one{add_text};
    return one;
}

}  // namespace parley::redis
