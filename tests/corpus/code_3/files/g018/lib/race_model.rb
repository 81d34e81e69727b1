require "onnxruntime"
require "mini_magick"

module Portrait
  class RaceModel
    LABELS = %w[asian indian black white middle_eastern latino].freeze

    def initialize(path = "models/face_attr_6.onnx")
      @model = OnnxRuntime::Model.new(path)
    end

    def call(face_crop)
      img = MiniMagick::Image.open(face_crop).resize("224x224!")
      pixels = img.get_pixels.map { |r| r.map { |p| p.map { |c| c / 255.0 } } }
      probs = @model.predict({ "input" => [pixels] })["probs"].first
      LABELS.zip(probs).max_by(&:last)
    end
  end
end
