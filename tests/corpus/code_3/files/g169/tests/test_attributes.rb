require "spec_helper"

RSpec.describe "POST /analyze" do
  let(:photo) { fixture_file_upload("portrait_03.jpg", "image/jpeg") }

  it "returns one face" do
    post "/analyze", photo: photo
    expect(json["faces"].size).to eq(1)
  end

  it "fills the attributes" do
    post "/analyze", photo: photo
    face = json["faces"].first
    expect(face.fetch("age")).to be_within(8).of(35)
    expect(face.fetch("glasses")).to be(false)
    expect(face.fetch("race")).to eq("black")
  end
end
