# Disproportionality of stop and search, published totals
d <- read.csv("stops_by_area.csv")
pop <- read.csv("census_totals.csv")

rate <- aggregate(stops ~ self_defined_ethnicity + year, d, sum)
rate <- merge(rate, pop, by.x = c("self_defined_ethnicity", "year"),
              by.y = c("group", "year"))
rate$per_1000 <- 1000 * rate$stops / rate$population

ref <- rate[rate$self_defined_ethnicity == "White", c("year", "per_1000")]
names(ref)[2] <- "ref"
rate <- merge(rate, ref, by = "year")
rate$ratio <- rate$per_1000 / rate$ref

# for the report on discrimination
write.csv(rate, "out/disproportionality.csv", row.names = FALSE)
