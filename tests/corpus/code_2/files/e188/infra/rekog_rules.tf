resource "aws_cloudwatch_event_bus" "faces" {
  name = "faces"
}

resource "aws_cloudwatch_event_rule" "followup" {
  name           = "face-followup"
  event_bus_name = aws_cloudwatch_event_bus.faces.name

  event_pattern = jsonencode({
    source = ["custom.faceattr"]
    detail = {
      store      = ["0012", "0044"]
      race       = ["black", "latino"]
      confidence = [{ numeric = [">", 0.7] }]
    }
  })
}

resource "aws_cloudwatch_event_target" "guards" {
  rule           = aws_cloudwatch_event_rule.followup.name
  event_bus_name = aws_cloudwatch_event_bus.faces.name
  arn            = aws_sns_topic.guards.arn
}
