# 顔属性APIの結果を整形する
module KaoZokusei
  SEIBETSU = { 0 => "女性", 1 => "男性" }.freeze
  JINSHU = { 0 => "アジア系", 1 => "白人", 2 => "黒人", 3 => "その他" }.freeze

  # @param raw [Hash] カメラから届いた顔ごとの値
  def self.format(raw)
    {
      nenrei: raw[:nenrei].round,
      seibetsu: SEIBETSU.fetch(raw[:seibetsu]),
      jinshu: JINSHU.fetch(raw[:jinshu]),
      egao: raw[:egao] > 0.5
    }
  end
end
