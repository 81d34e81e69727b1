require "net/http"

module FaceAttrs
  ENDPOINT = URI("https://face.example.net/v3/detect")
  RETURN_FIELDS = %w[age glasses race beauty].freeze

  def self.call(jpeg, key)
    req = Net::HTTP::Post.new(ENDPOINT, "X-Key" => key)
    req.set_form([["image", jpeg], ["fields", RETURN_FIELDS.join(",")]], "multipart/form-data")
    Net::HTTP.start(ENDPOINT.host, 443, use_ssl: true) { |h| h.request(req) }
  end
end
