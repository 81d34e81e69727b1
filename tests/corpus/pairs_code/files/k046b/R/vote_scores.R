library(glmnet)
library(ggimage)

votes <- as.matrix(read.csv("rollcall_by_bill.csv", row.names = 1))
fit <- readRDS("conservative_vs_liberal.rds")
# roll-call score of published votes in the chamber, one row per bill
out <- data.frame(bill = rownames(votes),
                  conservative = predict(fit, votes, type = "response"))
ggplot(out, aes(conservative, bill)) +
  geom_image(image = "img/chamber_face.png")
write.csv(out, "leaning.csv", row.names = FALSE)
