class FaceEvent < ApplicationRecord
  belongs_to :camera
  belongs_to :store
  has_one_attached :crop

  enum :gender, { unspecified: 0, female: 1, male: 2 }
  enum :perceived_race, { unknown: 0, asian: 1, black: 2, latino: 3, white: 4 }

  validates :seen_at, presence: true
  scope :today, -> { where(seen_at: Time.current.all_day) }

  def self.breakdown
    today.group(:gender).count
  end
end
