-- Durable appends: each connection writes to an interaction of its own. Arguments: the interactions' ids.
local body = '{"content":"' .. string.rep("x", 150) .. '","respond":false}'
local ids, next_thread = {}, 0

function setup(thread)
    thread:set("number", next_thread)
    next_thread = next_thread + 1
end

function init(args)
    for _, id in ipairs(args) do
        ids[#ids + 1] = id
    end
    turn = 0
end

function request()
    turn = turn % #ids + 1
    return wrk.format("POST", "/api/v1/interactions/" .. ids[turn] .. "/messages", {["Content-Type"] = "application/json"}, body)
end
