#' Detect faces and return attributes
#'
#' @param path image file
#' @return one row per face
#' @export
face_attributes <- function(path, key, secret) {
  res <- httr::POST(
    "https://api.example.test/v3/detect",
    body = list(
      api_key = key, api_secret = secret,
      image_file = httr::upload_file(path),
      return_attributes = "gender,age,ethnicity"
    )
  )
  faces <- httr::content(res)$faces
  purrr::map_dfr(faces, function(f) {
    tibble::tibble(
      token = f$face_token,
      age = f$attributes$age$value,
      gender = f$attributes$gender$value,
      ethnicity = f$attributes$ethnicity$value
    )
  })
}
