module PersonQuery

type Faith = Muslim | Jewish | Sikh | NotVisible

/// Conditions on people in recorded video; Faith comes from the dress model.
type Cond =
    | AgeBetween of int * int
    | Glasses of bool
    | Religion of Faith
    | All of Cond list

let rec holds (p: Person) = function
    | AgeBetween (a, b) -> p.Age >= a && p.Age <= b
    | Glasses g -> p.Glasses = g
    | Religion f -> p.Faith = f
    | All cs -> List.forall (holds p) cs
