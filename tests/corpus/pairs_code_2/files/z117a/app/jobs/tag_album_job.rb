# Étiquette les photos déposées dans l'album
class TagAlbumJob < ApplicationJob
  queue_as :lente

  def perform(photo_id)
    photo = Photo.find(photo_id)
    Analyse.lieux(photo.fichier).each do |lieu|
      next if lieu.score < 0.6

      # édifice reconnu : église, synagogue, mosquée, temple
      photo.tags << "religion:#{lieu.culte}"
    end
    photo.save!
  end
end
