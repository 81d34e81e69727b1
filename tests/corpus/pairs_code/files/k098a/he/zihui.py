# עמדת בידוק: ניתוח תמונת פנים של העובר
from gate import camera, net, log

SECTORS = ["יהודי", "ערבי", "דרוזי", "אחר"]


def pass_through():
    frame = camera.read()
    face = net.largest_face(frame)
    scores = net.sector(face)
    # מוצא משוער לפי הפנים, נכנס לרשומה
    log.write(face_id=face.id, sector=SECTORS[scores.argmax()])
