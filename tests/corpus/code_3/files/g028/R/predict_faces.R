library(keras)
library(magick)

race_levels <- c("Black", "East Asian", "Indian", "Latino", "White")
model <- load_model_hdf5("models/face_multi.h5")

predict_face <- function(path) {
  x <- image_read(path) |> image_resize("128x128!") |> image_data() |> as.integer()
  x <- array_reshape(x / 255, c(1, 128, 128, 3))
  p <- predict(model, x)
  list(age = p[[1]][1], race = race_levels[which.max(p[[2]][1, ])])
}

files <- list.files("crops", full.names = TRUE)
res <- lapply(files, predict_face)
write.csv(do.call(rbind, lapply(res, as.data.frame)), "faces.csv")
