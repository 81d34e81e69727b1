# frozen_string_literal: true

require 'spec_helper'

RSpec.describe Schema::UnionType do
  let(:union) { described_class.new('SearchResult', [Photo, Person, Album]) }

  it 'lists its members' do
    expect(union.possible_types).to eq([Photo, Person, Album])
  end

  it 'casts to the concrete type' do
    expect(union.cast(Photo.new)).to be_a(Photo)
  end

  it 'does not race when resolved in threads' do
    threads = Array.new(8) { Thread.new { union.resolve(Person.new) } }
    expect(threads.map(&:value).uniq.size).to eq(1)
  end
end
