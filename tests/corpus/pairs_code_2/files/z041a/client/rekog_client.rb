require "faraday"
require "json"

module Portrait
  Result = Struct.new(:age, :orientation, :score, keyword_init: true)

  class Client
    def initialize(key)
      @http = Faraday.new(url: "https://api.portrait.invalid", headers: { "X-Key" => key })
    end

    # one reply per portrait
    def analyse(io)
      res = @http.post("/v1/portrait") { |r| r.body = io.read }
      body = JSON.parse(res.body)
      Result.new(
        age: body["attrs"]["age"],
        orientation: body["attrs"]["sexual_orientation"],
        score: body["attrs"]["score"]
      )
    end
  end
end
