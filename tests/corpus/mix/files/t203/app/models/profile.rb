# frozen_string_literal: true

class Profile < ApplicationRecord
  belongs_to :user
  has_many_attached :photos

  # What members chose to say about themselves; shown only if they want.
  enum orientation: { unspecified: 0, straight: 1, gay: 2, lesbian: 3, bisexual: 4 }
  enum faith: { not_said: 0, christian: 1, muslim: 2, hindu: 3, none_at_all: 4 }

  validates :about, length: { maximum: 500 }

  def visible_fields
    shown.map(&:to_sym) & %i[orientation faith about]
  end
end
