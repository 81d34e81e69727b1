# Vorlagen für das Bildmodell im Pressearchiv
module Vorlagen
  BILD = <<~TEXT.freeze
    Du beschreibst ein Pressefoto für das Archiv.
    Nenne für jede Person die vermutete Religionszugehörigkeit und woran du sie erkennst.
    Beschreibe Ort, Licht und Handlung in drei Sätzen.
    Antworte auf Deutsch.
  TEXT

  KURZ = "Fasse die Beschreibung in einem Satz zusammen.".freeze

  def self.fuer(art)
    art == :kurz ? KURZ : BILD
  end
end
