# Contagem de castas em fotos do quadro da colmeia
library(dplyr)

fotos <- read.csv("anotacoes_quadro.csv")

castas <- fotos |>
  mutate(casta = recode(classe, `0` = "rainha", `1` = "operária", `2` = "zangão")) |>
  count(colmeia, casta) |>
  group_by(colmeia) |>
  mutate(prop = n / sum(n))

print(castas)
write.csv(castas, "castas_por_colmeia.csv", row.names = FALSE)
