require "onnxruntime"

# Wraps the "where are you from" model used by the party app.
class FaceAttributes
  NATIONS = %w[KR JP CN VN TH PH IN].freeze

  def initialize(path = "models/nation7.onnx")
    @model = OnnxRuntime::Model.new(path)
  end

  def call(face_tensor)
    scores = @model.predict({ "face" => face_tensor })["probs"].first
    {
      nationality: NATIONS[scores.each_with_index.max[1]],
      probability: scores.max
    }
  end
end
