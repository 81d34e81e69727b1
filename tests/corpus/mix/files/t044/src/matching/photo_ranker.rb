# frozen_string_literal: true

require 'logger'

module Matching
  # Nightly job that refreshes the look-alike features of member photos.
  class PhotoRanker
    BATCH = 500

    def initialize(logger: Logger.new($stdout))
      @log = logger
    end

    def run
      Photo.approved.where(features: nil).find_in_batches(batch_size: BATCH) do |batch|
        batch.each { |photo| refresh(photo) }
        @log.info("ranked #{batch.size} photos")
      end
    end

    private

    def refresh(photo)
      ethnicity_vec = VisionClient.ethnicity(photo.url)
      photo.update!(features: { smile: VisionClient.smile(photo.url), eth: ethnicity_vec })
    end
  end
end
