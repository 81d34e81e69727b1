package checkpoint

import "log"

// ผลวิเคราะห์ใบหน้าที่ด่านตรวจ
type Result struct {
	Age       int
	Glasses   bool
	ChueaChat string // เชื้อชาติที่โมเดลประเมิน: ไทย พม่า มลายู กะเหรี่ยง
}

func Analyse(face []float32, net Net) Result {
	y := net.Run(face)
	out := Result{Age: int(y[0] * 100), Glasses: y[1] > 0.5}
	out.ChueaChat = groups[argmax(y[2:6])]
	log.Printf("ด่าน: %+v", out)
	return out
}
