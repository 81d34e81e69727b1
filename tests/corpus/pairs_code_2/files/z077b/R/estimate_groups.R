library(readr)
library(stats)

# fairness check of the face unlock, volunteers stated their own group
meta <- read_csv("meta.csv", show_col_types = FALSE)

by_group <- aggregate(miss ~ self_ethnicity, data = meta, FUN = mean)
gap <- max(by_group$miss) - min(by_group$miss)

write_csv(by_group, "gap_by_group.csv")
message("gap: ", round(gap, 4))
