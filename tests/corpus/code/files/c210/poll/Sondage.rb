# Réponses au sondage de sortie des urnes, anonymes et agrégées
class ReponseSondage < ApplicationRecord
  TRANCHES = %w[18-24 25-34 35-49 50-64 65+].freeze

  validates :opinion_politique, inclusion: { in: %w[gauche centre droite nsp] }
  validates :tranche_age, inclusion: { in: TRANCHES }

  def self.resume(bureau)
    where(bureau: bureau).group(:tranche_age, :opinion_politique).count.select { |_, n| n >= 10 }
  end
end
