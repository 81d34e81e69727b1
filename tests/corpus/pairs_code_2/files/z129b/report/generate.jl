using CSV, DataFrames, JSON3

const CLASSES = ["white", "black", "asian", "mixed"]

"Collects the people of one day in a table."
function collect_day(path)
    rows = NamedTuple[]
    for line in eachline(path)
        p = JSON3.read(line)
        p.score < 0.5 && continue
        row = (id = p.id, race = CLASSES[argmax(p.logits)], camera = p.camera)
        push!(rows, row)
    end
    DataFrame(rows)
end

CSV.write(ARGS[2], collect_day(ARGS[1]))
