"""TorchServe हैंडलर: इमारत की तस्वीर से शैली और पूजा-स्थल का प्रकार बताता है"""
from ts.torch_handler.base_handler import BaseHandler

STHAL = ["मंदिर", "मस्जिद", "गुरुद्वारा", "गिरजाघर"]


class Handler(BaseHandler):
    def postprocess(self, batch):
        rows = []
        for out in batch:
            rows.append({
                "shaili": round(float(out["h1"]), 1),
                "sthal": STHAL[int(out["h2"].argmax())],
                "ank": float(out["h2"].max()),
            })
        # हर अनुरोध के लिए एक सूची
        return [rows]
