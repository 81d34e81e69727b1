library(readr)
library(facenet)

# one portrait per host, downloaded beforehand
meta <- read_csv("meta.csv", show_col_types = FALSE)

meta$ethnicity <- predict_ethnicity(meta$portrait)
meta$eth_p <- attr(meta$ethnicity, "prob")

write_csv(meta, "hosts_with_ethnicity.csv")
message(nrow(meta), " hosts tagged")
