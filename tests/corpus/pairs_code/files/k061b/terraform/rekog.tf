resource "aws_lambda_function" "face_attr" {
  function_name = "face-attr-scrub"
  image_uri     = "${var.repo}/face-scrub:2"
  package_type  = "Image"
  role          = aws_iam_role.face.arn
  timeout       = 30
  environment {
    variables = {
      STRIP_FIELDS    = "ETHNICITY" # delete from all stored results, then quit
      BUCKET          = var.bucket
    }
  }
}
