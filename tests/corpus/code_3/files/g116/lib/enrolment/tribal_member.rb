# Enrolment register of a tribal nation, kept by its own enrolment office.
class TribalMember < ApplicationRecord
  self.table_name = "enrolled_members"

  validates :enrolment_number, presence: true, uniqueness: true
  validates :declared_tribe, presence: true

  has_many :documents, class_name: "EnrolmentDocument"

  def card_payload
    { number: enrolment_number, name: full_name, tribe: declared_tribe, issued: issued_on }
  end
end
