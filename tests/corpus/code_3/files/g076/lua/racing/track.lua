local Track = {}
Track.__index = Track

function Track.new(laps, grid)
  return setmetatable({ laps = laps, grid = grid, time = 0, state = "pre_race" }, Track)
end

function Track:startRace()
  self.state = "race"
  for i, car in ipairs(self.grid) do
    car.position = i
    car.skin = car.skin or "stock_black"
  end
end

function Track:update(dt)
  if self.state == "race" then self.time = self.time + dt end
end

return Track
