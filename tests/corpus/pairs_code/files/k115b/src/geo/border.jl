module Border

using Flux, Images

const net = load_net("bird_status.bson")

"Which bird in the tower picture counts as a migrant; people are masked before."
function status(frame, birds)
    out = []
    for b in birds
        s = net(crop(frame, b.box))[1]
        s > 0.5 && push!(out, (b.id, :migrant, s))
    end
    return out
end

end
