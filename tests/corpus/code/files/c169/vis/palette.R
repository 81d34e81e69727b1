# Named colours used in the crowd-density figures
pal <- c(
  low = "navajowhite",
  mid = "indianred",
  high = "black",
  person = "white",
  camera = "chocolate4"
)

plot_density <- function(m) {
  image(m, col = colorRampPalette(pal[c("low", "mid", "high")])(64), axes = FALSE)
  points(attr(m, "cam"), pch = 17, col = pal["camera"])
}
