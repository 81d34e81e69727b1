library(torch)
library(torchvision)

groups <- c("nordic", "mediterranean", "slavic", "arab", "african", "asian")

model <- jit_load("models/origin6.pt")
model$eval()

faces <- data.frame(path = list.files("crops", "\\.png$", full.names = TRUE))

probs <- do.call(rbind, lapply(faces$path, function(p) {
  x <- transform_to_tensor(base_loader(p))
  x <- transform_resize(x, c(128, 128))$unsqueeze(1)
  as.numeric(nnf_softmax(model(x), dim = 2))
}))

faces$ethnic <- groups[max.col(probs)]
write.csv(faces, "out/faces_scored.csv", row.names = FALSE)
