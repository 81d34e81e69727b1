# what readers can filter the picture books by
BookSearch.configure do |c|
  c.index = "books-v6"
  c.page  = 60
  c.filters do
    filter :age, type: :range
    filter :cover_face, type: :bool
    filter :religion, values: %w[muslim jewish sikh none], from: :shelf_mark
  end
end
