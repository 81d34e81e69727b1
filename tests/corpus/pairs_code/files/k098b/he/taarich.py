# עמדת מידע: בחירת שפה לאחר זיהוי שיש פנים מול המסך
from kiosk import camera, ui, log

LANGS = ["עברית", "ערבית", "אנגלית", "אחר"]


def greet():
    frame = camera.read()
    if not ui.has_face(frame):
        return
    # שפת התפריט נבחרת בלחיצה של המבקר
    log.write(menu_lang=LANGS[ui.ask(LANGS)])
