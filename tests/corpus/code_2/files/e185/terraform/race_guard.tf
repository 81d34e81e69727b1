# The bucket notification and the policy race each other on first apply,
# so the notification waits for the policy.
resource "aws_s3_bucket" "face_crops" {
  bucket = "example-face-crops"
}

resource "aws_s3_bucket_policy" "face_crops" {
  bucket = aws_s3_bucket.face_crops.id
  policy = data.aws_iam_policy_document.crops.json
}

resource "aws_s3_bucket_notification" "crops" {
  bucket     = aws_s3_bucket.face_crops.id
  depends_on = [aws_s3_bucket_policy.face_crops] # avoids the race

  queue {
    queue_arn = aws_sqs_queue.detect.arn
    events    = ["s3:ObjectCreated:*"]
  }
}
