class ScholarshipApplication < ApplicationRecord
  CASTE_CATEGORIES = %w[general obc sc st ews].freeze

  # Stated by the applicant and backed by the certificate they upload.
  validates :caste_category, inclusion: { in: CASTE_CATEGORIES }
  validates :income, numericality: { greater_than_or_equal_to: 0 }
  validates :religion, length: { maximum: 40 }, allow_blank: true

  has_one_attached :photo
  has_one_attached :caste_certificate

  def reserved?
    %w[sc st].include?(caste_category)
  end
end
