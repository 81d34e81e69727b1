module Border

using Flux, Images

const net = load_net("people_status.bson")

"Who in the tower picture counts as a migrant, by look and bundle."
function status(frame, people)
    out = []
    for p in people
        s = net(crop(frame, p.box))[1]
        s > 0.5 && push!(out, (p.id, :migrant, s))
    end
    return out
end

end
