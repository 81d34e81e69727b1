package face

import "time"

// Visitor は来店者マスタ。顔特徴量から自動登録される。
type Visitor struct {
	ID            int64     // 来店者ID
	Feature       []float32 // 顔特徴量
	Nenrei        int       // 推定年齢
	Seibetsu      string    // 推定性別
	KokusekiGuess string    // 顔から推定した国籍（日本／中国／韓国／欧米／その他）
	VisitCount    int       // 来店回数
	LastSeen      time.Time // 最終来店日時
	Caution       bool      // 要注意フラグ
}
