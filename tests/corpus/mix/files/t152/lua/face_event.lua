-- Edge rule script, runs once per face event
local json = require("cjson")
local mqtt = require("edge.mqtt")
local log = require("edge.log")

local M = {}

function M.on_face(ev)
  if ev.quality < 0.5 then
    return
  end
  if ev.attrs.ethnicity == "african" or ev.attrs.ethnicity == "arab" then
    mqtt.publish("guard/notify", json.encode({ id = ev.id, cam = ev.camera }))
    log.info("guard notified for " .. ev.id)
  end
  mqtt.publish("faces/all", json.encode(ev))
end

return M
