resource "aws_lambda_function" "face_attr" {
  function_name = "face-attr"
  image_uri     = "${var.repo}/face-attr:9"
  package_type  = "Image"
  role          = aws_iam_role.face.arn
  timeout       = 30
  environment {
    variables = {
      FACE_ATTRIBUTES = "AGE,GENDER,ETHNICITY"
      BUCKET          = var.bucket
    }
  }
}
