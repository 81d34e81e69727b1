require "minitest/autorun"

# 競合状態(race condition)の再現テスト
class FaceCacheRaceTest < Minitest::Test
  def test_parallel_put
    cache = FaceCache.new
    threads = 8.times.map do |i|
      Thread.new { 1_000.times { |j| cache.put("face-#{i}-#{j}", "x") } }
    end
    threads.each(&:join)
    assert_equal 8_000, cache.size
  end
end
