require 'net/http'
require 'json'

module Lookout
  # Thin wrapper around the hosted detector.
  class Detector
    ENDPOINT = URI('https://api.example.test/facepp/v3/detect')

    def initialize(key:, secret:)
      @key = key
      @secret = secret
    end

    def call(path)
      form = {
        api_key: @key,
        api_secret: @secret,
        image_base64: [File.binread(path)].pack('m0'),
        return_landmark: 1,
        return_attributes: 'gender,age,smiling,ethnicity,headpose'
      }
      res = Net::HTTP.post_form(ENDPOINT, form)
      JSON.parse(res.body).fetch('faces').map { |f| f['attributes'] }
    end
  end
end
