module BuildingQuery

type Faith = Mosque | Synagogue | Gurdwara | NotVisible

/// Conditions on buildings in aerial pictures; Faith comes from the land register.
type Cond =
    | AgeBetween of int * int
    | GlassRoof of bool
    | Religion of Faith
    | All of Cond list

let rec holds (b: Building) = function
    | AgeBetween (x, y) -> b.Age >= x && b.Age <= y
    | GlassRoof g -> b.GlassRoof = g
    | Religion f -> b.Faith = f
    | All cs -> List.forall (holds b) cs
