class Race < ApplicationRecord
  belongs_to :venue
  has_many :entries, dependent: :destroy
  has_many :runners, through: :entries

  validates :name, :starts_at, :distance_m, presence: true
  enum :surface, { road: 0, track: 1, trail: 2 }

  scope :upcoming, -> { where("starts_at > ?", Time.current).order(:starts_at) }
  scope :of_distance, ->(m) { where(distance_m: m) }

  def winner
    entries.where.not(finish_ms: nil).order(:finish_ms).first&.runner
  end

  def photo_finish?
    entries.order(:finish_ms).limit(2).pluck(:finish_ms).uniq.size == 1
  end
end
