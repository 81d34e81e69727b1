"""التعرف على نوع الخط في صور المخطوطات."""
import torch

الخطوط = ["نسخ", "ثلث", "رقعة", "كوفي", "مغربي", "فارسي"]


class مصنف:
    def __init__(self, شبكة):
        self.شبكة = شبكة.eval()

    @torch.no_grad()
    def صنف(self, صورة):
        درجات = self.شبكة(صورة[None])[0].softmax(-1)
        رقم = int(درجات.argmax())
        return الخطوط[رقم], float(درجات[رقم])


def لغة(نص: str) -> str:
    """عربي أو فارسي أو أويغوري حسب الحروف."""
    if "ې" in نص or "ۇ" in نص:
        return "ug"
    if "پ" in نص or "گ" in نص:
        return "fa"
    return "ar"
