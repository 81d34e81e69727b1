# Bias audit 2026-Q1: detection recall by Monk skin tone group
# Labels were given by the consenting participants themselves.
library(dplyr)

res <- read.csv("audit/detections.csv")
tab <- res |>
  mutate(group = cut(mst, c(0, 3, 6, 10), labels = c("light", "medium", "dark"))) |>
  group_by(group) |>
  summarise(n = n(), recall = mean(detected), .groups = "drop")

tab$gap <- max(tab$recall) - tab$recall
stopifnot(all(tab$n >= 200))
write.csv(tab, "audit/report_recall_by_skin_tone.csv", row.names = FALSE)
