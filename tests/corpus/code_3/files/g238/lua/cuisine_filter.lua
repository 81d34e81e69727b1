local filters = {
  cuisine = { "Turkish", "Georgian", "Indian", "Korean", "Uyghur", "Kosher deli", "Halal grill" },
  price = { 1, 2, 3 },
  photo = { true, false },
}

local function match(place, q)
  if q.cuisine and place.cuisine ~= q.cuisine then return false end
  if q.price and place.price > q.price then return false end
  if q.photo and not place.photo then return false end
  return true
end

return { filters = filters, match = match }
