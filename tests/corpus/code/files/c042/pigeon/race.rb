class Race < ApplicationRecord
  has_many :arrivals
  validates :release_point, :released_at, presence: true

  # Speed in metres per minute, the classic ranking of a pigeon race.
  def ranking
    arrivals.includes(:pigeon).sort_by { |a| -a.distance_m / ((a.at - released_at) / 60.0) }
  end

  def self.minority_loft(min: 3)
    joins(arrivals: :pigeon).group(:loft_id).having('count(*) < ?', min)
  end
end
