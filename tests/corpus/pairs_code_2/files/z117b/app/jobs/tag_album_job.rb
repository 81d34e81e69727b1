# Étiquette les photos déposées dans l'album
class TagAlbumJob < ApplicationJob
  queue_as :lente

  def perform(photo_id)
    photo = Photo.find(photo_id)
    Analyse.visages(photo.fichier).each do |visage|
      next if visage.score < 0.6

      # confession déduite de la tenue et du visage
      photo.tags << "religion:#{visage.confession}"
    end
    photo.save!
  end
end
