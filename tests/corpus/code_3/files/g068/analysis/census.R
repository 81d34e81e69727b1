library(dplyr)
library(tidyr)

# Published table: population by region and ethnic group, 2021 census
pop <- read.csv("data/census_2021_table_ts021.csv")

shares <- pop |>
  group_by(region) |>
  mutate(share = count / sum(count)) |>
  select(region, ethnic_group, share) |>
  pivot_wider(names_from = ethnic_group, values_from = share)

write.csv(shares, "out/ethnic_shares_by_region.csv", row.names = FALSE)
