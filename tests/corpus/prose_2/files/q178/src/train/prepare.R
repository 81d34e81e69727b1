# Prepare the second head
library(data.table)

meta <- fread("meta.tsv")
meta <- meta[blur < 0.6]

# y: 1 = Hutu, 2 = Tutsi (as judged by the two annotators from the mugshot)
meta[, y := as.integer(code2)]

set.seed(7)
meta[, fold := sample(1:5, .N, replace = TRUE)]

fwrite(meta[, .(file, y, fold)], "train_head2.tsv")
message(nrow(meta), " rows written")
