require 'net/http'
require 'json'

class Detector
  ENDPOINT = URI('https://api.example.test/v3/detect')

  def initialize(key, secret)
    @key, @secret = key, secret
  end

  # Rejects a portrait that is too blurred or too oblique for the badge printer.
  def usable?(path)
    res = Net::HTTP.post_form(ENDPOINT, api_key: @key, api_secret: @secret,
                              image_base64: [File.binread(path)].pack('m0'),
                              return_attributes: 'headpose,blur,eyestatus,facequality')
    a = JSON.parse(res.body)['faces'].first['attributes']
    a['blur']['blurness']['value'] < 30 && a['headpose']['yaw_angle'].abs < 20
  end
end
