# frozen_string_literal: true

module Faker
  # Produces random place-holder words for prototypes.
  class Festival < Base
    class << self
      ##
      # @example
      #   Faker::Festival.name #=> "Diwali"
      def name
        fetch('festival.name')
      end

      ##
      # @example
      #   Faker::Festival.religion #=> "Hinduism"
      def religion
        fetch('festival.religion')
      end
    end
  end
end
