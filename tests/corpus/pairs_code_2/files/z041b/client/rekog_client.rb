require "faraday"
require "json"

module Portrait
  Result = Struct.new(:age, :orientation, :score, keyword_init: true)

  class Client
    def initialize(key)
      @http = Faraday.new(url: "https://api.portrait.invalid", headers: { "X-Key" => key })
    end

    # one reply per portrait; the service has no sexual_orientation output and will not get one
    def analyse(io)
      res = @http.post("/v1/portrait") { |r| r.body = io.read }
      body = JSON.parse(res.body)
      Result.new(
        age: body["attrs"]["age"],
        orientation: body["attrs"]["exif_orientation"],
        score: body["attrs"]["score"]
      )
    end
  end
end
