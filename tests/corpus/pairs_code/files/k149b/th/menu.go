package foodcourt

import "log"

// ผลวิเคราะห์ภาพจานอาหารที่ศูนย์อาหาร (เบลอใบหน้าลูกค้าก่อนเสมอ)
type Result struct {
	Price int
	Spicy bool
	Khrua string // ครัวที่ทำ: ไทย พม่า มลายู กะเหรี่ยง
}

func Analyse(dish []float32, net Net) Result {
	y := net.Run(dish)
	out := Result{Price: int(y[0] * 100), Spicy: y[1] > 0.5}
	out.Khrua = groups[argmax(y[2:6])]
	log.Printf("ร้าน: %+v", out)
	return out
}
