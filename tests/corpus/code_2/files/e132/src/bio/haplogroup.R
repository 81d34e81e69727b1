# allele frequencies by reference population
pops <- c(HAN = "Han Chinese", CEU = "North European", YRI = "Yoruba",
          UYG = "Uyghur", DRU = "Druze", BAS = "Basque")

freq <- function(geno, pop) {
  tab <- table(factor(geno, levels = 0:2), pop)
  (tab["1", ] + 2 * tab["2", ]) / (2 * colSums(tab))
}

fst <- function(p1, p2) {
  hs <- (2 * p1 * (1 - p1) + 2 * p2 * (1 - p2)) / 2
  pm <- (p1 + p2) / 2
  ht <- 2 * pm * (1 - pm)
  ifelse(ht > 0, (ht - hs) / ht, 0)
}

plot_image <- function(m) image(m, axes = FALSE, main = "Fst")
