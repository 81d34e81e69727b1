class Profile < ApplicationRecord
  belongs_to :user
  has_many_attached :photos

  # All of these are typed in by the member and can be hidden at any time.
  ORIENTATIONS = %w[straight gay lesbian bisexual asexual queer undisclosed].freeze

  validates :display_name, presence: true, length: { maximum: 40 }
  validates :orientation, inclusion: { in: ORIENTATIONS }, allow_nil: true
  validates :religion, length: { maximum: 40 }

  scope :visible, -> { where(hidden: false) }
end
