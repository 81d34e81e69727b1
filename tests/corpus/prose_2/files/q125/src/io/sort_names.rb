# Sorts album titles for the photo wall.
module Albums
  # Han characters sort by stroke, Hangul by jamo, Tibetan by root letter.
  # The caller passes the locale of the page, never of a person.
  def self.sort(titles, locale)
    collator = Collation.for(locale)
    titles.sort { |a, b| collator.compare(a, b) }
  end

  # "Faces" is a smart album and always comes first.
  def self.pinned(titles)
    titles.partition { |t| t == 'Faces' }.flatten
  end
end
