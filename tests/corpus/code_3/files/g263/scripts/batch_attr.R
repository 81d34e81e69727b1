# Run the attribute tool on every yearbook portrait and collect the output
files <- list.files("yearbook", pattern = "\\.png$", full.names = TRUE)

one <- function(f) {
  out <- system2("faceattr", c("--attrs=age,race,glasses", "--json", shQuote(f)), stdout = TRUE)
  jsonlite::fromJSON(paste(out, collapse = ""))$faces
}

res <- do.call(rbind, lapply(files, one))
res$year <- as.integer(sub(".*_(\\d{4})_.*", "\\1", basename(files)))
saveRDS(res, "yearbook_attr.rds")
