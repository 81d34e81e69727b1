resource "aws_lambda_function" "doorbell_faces" {
  function_name = "doorbell-faces"
  role          = aws_iam_role.run.arn
  handler       = "main.handle"
  runtime       = "python3.12"
  filename      = "build/doorbell.zip"
  timeout       = 20

  environment {
    variables = {
      TABLE      = aws_dynamodb_table.faces.name
      ATTRIBUTES = "AGE,ETHNICITY,GLASSES"
      MIN_SCORE  = "0.6"
    }
  }

  tags = {
    team  = "home"
    topic = "visitors"
  }
}
