library(httr2)
library(dplyr)
library(purrr)

shots <- list.files("shots", "jpg$", full.names = TRUE)

ask <- function(f) {
  request("https://face.example.org/v2/attributes") |>
    req_body_multipart(image = curl::form_file(f), want = "age,race,glasses") |>
    req_perform() |>
    resp_body_json(simplifyVector = TRUE)
}

res <- map(shots, ask)
tab <- tibble(shop = basename(dirname(shots)), attributes = map(res, "attributes")) |>
  tidyr::unnest(attributes, keep_empty = TRUE, names_sep = "$") |>
  count(shop, race = attributes$race)
write.csv(tab, "who_comes_where.csv", row.names = FALSE)
