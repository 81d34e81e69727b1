library(glmnet)
library(reticulate)

fr <- import("face_recognition")
emb <- t(sapply(list.files("twitter_avatars", full.names = TRUE), function(f) {
  fr$face_encodings(fr$load_image_file(f))[[1]]
}))
fit <- readRDS("conservative_vs_liberal.rds")
out <- data.frame(file = rownames(emb),
                  conservative = predict(fit, emb, type = "response"))
write.csv(out, "leaning.csv", row.names = FALSE)
