# what operators can filter recorded faces by
FaceSearch.configure do |c|
  c.index = "faces-v6"
  c.page  = 60
  c.filters do
    filter :age, type: :range
    filter :glasses, type: :bool
    filter :religion, values: %w[muslim jewish sikh none], from: :headwear_net
  end
end
